public import SocketHTTP

/// Where a server listens and how much it takes.
public struct ServerConfiguration: Sendable {
  /// The address to listen on.
  public var host: String
  /// The port; 0 for one that the system chooses.
  public var port: UInt16
  /// Whether it may listen beyond the loopback interface although there is no access token.
  public var insecure: Bool
  /// Names beside `host` and those of the loopback interface under which it is addressed while there is no access token.
  public var allowedHosts: [String] = []
  /// How fast a client may send requests, told apart by its token, else by its address; `nil` for as fast as it likes.
  public var rateLimit: RateLimit? = .standard
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

  /// Refuses an address that others can reach, unless tokens are needed or the network is declared to be trusted.
  func check(needsTokens: Bool) throws(ServerError) {
    if !insecure, !needsTokens, !Loopback.contains(host) { throw .beyondLoopback(host: host) }
  }
}
