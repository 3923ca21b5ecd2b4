/// The state of one connection; it belongs to the event loop's thread.
final class Connection {
  /// Where a connection is: idle → head → body → handling → responding or streaming → idle again, or lingering.
  enum Phase {
    /// No byte of a request has come.
    case idle
    case head
    case body
    /// A handler works, and is cancelled when the client closes its direction. Nothing is read meanwhile, so that a client
    /// that sends ahead waits.
    case handling
    /// The rest of the response is being sent.
    case responding
    /// The response is being produced while it is sent.
    case streaming
    /// The last response has been sent and our direction closed; input is discarded until the client closes too.
    case lingering

    var readsRequest: Bool { self == .idle || self == .head || self == .body }
  }

  let id: ConnectionID
  let remoteAddress: SocketAddress
  var phase = Phase.idle
  var parser: RequestParser
  var output = OutputBuffer()
  /// What epoll has been asked for.
  var registered: Epoll.Events = [.readable, .peerClosed]
  var deadline: ContinuousClock.Instant?
  /// Whether the connection stays open after the response to the current request.
  var keepsAlive = true
  var exchange: ExchangeRecord?
  var task: Task<Void, Never>?
  var stream: StreamChannel?
  /// Whether the client's closing of its direction ends the stream.
  var watchesPeer = false
  /// Whether the client was found to have closed its direction while it was not being read from.
  var peerHasClosed = false
  /// Bytes counted towards the limit on all request bodies.
  var heldBodyBytes = 0
  /// Bytes counted towards the limit on all answers.
  var heldAnswerBytes = 0

  init(id: ConnectionID, remoteAddress: SocketAddress, limits: HTTPLimits) {
    self.id = id
    self.remoteAddress = remoteAddress
    parser = RequestParser(limits: limits, remoteAddress: remoteAddress)
  }

  /// What epoll should report now.
  var wanted: Epoll.Events {
    var events: Epoll.Events = phase.readsRequest || phase == .lingering ? .readable : []
    if !output.isEmpty { events.insert(.writable) }
    // It goes on being reported, so that it is asked for only until it is known.
    if watchesPeer || !peerHasClosed { events.insert(.peerClosed) }
    return events
  }
}
