/// What a server listens on, its limits, and the caller's part in its work.
public struct HTTPServerConfiguration: Sendable {
  /// An address or host name to listen on.
  ///
  /// `::` takes IPv4 too. Of a name's addresses the first that can be had is taken, those of IPv4 before those of IPv6.
  public var host = "127.0.0.1"

  /// The port to listen on; 0 lets the system choose.
  public var port: UInt16 = 0

  /// Connections that the system may hold before they are accepted.
  public var backlog: Int32 = 1024

  /// How much a client may send.
  public var limits = HTTPLimits()

  /// How long a client may take.
  public var deadlines = HTTPDeadlines()

  /// The Server field of every response, none when nil.
  public var serverName: String?

  /// Bytes of a stream that may wait for the network before ``ResponseWriter/write(_:)-([UInt8])`` suspends.
  public var streamHighWaterBytes = 64 * 1024

  /// Answers on the event loop itself, so also when Swift's thread pool is busy; nil leaves the request to the handler.
  ///
  /// It delays every connection while it runs: only for what is answered from memory at once.
  public var immediate: (@Sendable (HTTPRequest) -> HTTPResponse?)?

  /// Makes the response to a request that the server refuses; the connection closes after it.
  ///
  /// Runs on the event loop. The body must be whole: a plain text replaces a streamed one.
  public var renderError: @Sendable (HTTPError) -> HTTPResponse = { HTTPResponse.text($0.status, $0.detail + "\n") }

  /// Called after every exchange, on the event loop: it must not block.
  public var onExchange: (@Sendable (HTTPExchange) -> Void)?

  /// Makes the default configuration.
  public init() {}
}
