/// Why a server does not start.
public enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address can be reached from other machines, and the server has no access control.
  case beyondLoopback(host: String)
  /// It was started before.
  case alreadyStarted

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .beyondLoopback(let host):
      """
      Refusing to listen on \(host): whoever can reach it could read, change and delete every study. Listen on \
      127.0.0.1, or allow it with --insecure where the network is trusted.
      """
    case .alreadyStarted: "The server was started before; create another one."
    }
  }
}
