/// Why a server could not be started.
public enum HTTPServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The host is no address and no known name; the text is the resolver's.
  case unknownHost(String, reason: String)
  /// None of the host's addresses could be listened on; the error is the first address's.
  case cannotListen(SocketAddress, SystemError)
  /// The system refused something that serving needs.
  case system(SystemError)
  /// The configured name cannot be the value of a Server field.
  case invalidServerName

  /// One line for an operator.
  public var description: String {
    switch self {
    case .unknownHost(let host, let reason): "cannot resolve \(host): \(reason)"
    case .cannotListen(let address, let error): "cannot listen on \(address): \(error)"
    case .system(let error): "\(error)"
    case .invalidServerName: "the server name holds a control character"
    }
  }
}
