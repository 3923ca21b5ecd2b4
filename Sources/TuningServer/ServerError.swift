/// Why a server does not start.
public enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address can be reached from other machines, and there is no access token.
  case beyondLoopback(host: String)
  /// It was started before.
  case alreadyStarted

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .beyondLoopback(let host):
      """
      Refusing to listen on \(host): there is no access token, so whoever can reach it could read, change and delete every \
      study. Make one with `hone token create`, listen on 127.0.0.1, or allow it with --insecure where the network is \
      trusted.
      """
    case .alreadyStarted: "The server was started before; create another one."
    }
  }
}
