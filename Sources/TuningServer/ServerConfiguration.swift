public import SocketHTTP

/// Where a server listens and how much it takes.
public struct ServerConfiguration: Sendable {
  /// The address to listen on.
  public var host: String
  /// The port; 0 for one that the system chooses.
  public var port: UInt16
  /// Whether it may listen beyond the loopback interface although it has no access control.
  public var insecure: Bool
  /// How much a client may send.
  public var limits = HTTPLimits()
  /// How long a client may take.
  public var deadlines = HTTPDeadlines()

  /// Creates a configuration.
  public init(host: String = "127.0.0.1", port: UInt16 = 8080, insecure: Bool = false) {
    self.host = host
    self.port = port
    self.insecure = insecure
  }

  /// Refuses an address that others can reach, unless the network is declared to be trusted.
  func check() throws(ServerError) {
    if !insecure, !Loopback.contains(host) { throw .beyondLoopback(host: host) }
  }
}
