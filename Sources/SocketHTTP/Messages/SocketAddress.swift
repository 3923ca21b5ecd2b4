/// A numeric network address and port.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
  /// An IPv4 or IPv6 address without brackets.
  public let host: String

  /// The TCP port.
  public let port: UInt16

  /// Makes an address from its parts.
  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// `127.0.0.1:8080` or `[::1]:8080`, as in a URL.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
