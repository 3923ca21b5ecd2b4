/// How long a client may take.
///
/// Each deadline is noticed at the first sweep after it.
public struct HTTPDeadlines: Sendable, Hashable {
  /// From the first byte of a request to the end of its head; past it 408.
  public var head: Duration = .seconds(10)

  /// From the end of the head to the end of the body; past it 408.
  public var body: Duration = .seconds(20)

  /// Between requests, and before the first one; past it the connection is closed without a word.
  public var idle: Duration = .seconds(10)

  /// Without progress while there is something to send; past it the connection is reset.
  public var write: Duration = .seconds(20)

  /// Discarding what the client still sends after the last answer, so that the answer is not lost to a reset.
  public var linger: Duration = .seconds(2)

  /// Between two sweeps over all connections.
  public var sweep: Duration = .milliseconds(250)

  /// Makes the default deadlines.
  public init() {}
}
