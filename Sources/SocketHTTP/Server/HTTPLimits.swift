/// How much a client may send, checked before it is kept.
public struct HTTPLimits: Sendable, Hashable {
  /// The request line without its CR LF, in bytes; past it 414.
  public var requestLineBytes = 8 * 1024

  /// Request line and header fields with their line ends, in bytes; past it 431.
  public var headBytes = 16 * 1024

  /// Header fields of a request; past it 431.
  public var fields = 100

  /// A request body, in bytes, from Content-Length or the running sum of chunks; past it 413.
  public var bodyBytes = 1 << 20

  /// All request bodies held at one time, in bytes; past it 503.
  public var bodyBytesInAll = 256 << 20

  /// All answers held at one time for clients that have not taken them, in bytes.
  ///
  /// Past it the connections are reset that have taken nothing for the longest time.
  public var answerBytesInAll = 256 << 20

  /// All chunk extensions of one body, in bytes; past it 400.
  public var chunkExtensionBytes = 4 * 1024

  /// The trailer of a chunked body, in bytes; past it 431.
  public var trailerBytes = 4 * 1024

  /// Connections open at one time.
  ///
  /// When all are taken the longest idle one makes room for the next, else that one gets 503.
  public var connections = 4096

  /// Makes the default limits.
  public init() {}
}
