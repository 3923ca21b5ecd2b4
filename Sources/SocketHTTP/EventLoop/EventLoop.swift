import CEpoll
import Glibc

/// Serves all connections from one thread.
///
/// Sockets never block and nothing here waits but `epoll_wait`, whose time-out is also the clock of the deadlines.
/// Handlers run as tasks elsewhere and answer through the inbox.
final class EventLoop {
  let configuration: HTTPServerConfiguration
  let handler: HTTPHandler
  let inbox: Inbox
  let epoll: Epoll
  var listener: Listener
  var isListening = true
  /// The listener is left alone until the next sweep, because the system lacks something.
  var isListenerPaused = false
  private var hasNewcomers = false
  var connections: [Int32: Connection] = [:] { didSet { tally.set(connections.count) } }
  private let tally: ConnectionTally
  var lastGeneration: UInt32 = 0
  var heldBodyBytes = 0
  /// Bytes of all answers that wait to be taken.
  var heldAnswerBytes = 0
  var serialiser: ResponseSerialiser
  var readBuffer = [UInt8](repeating: 0, count: 64 * 1024)
  /// When the current round of events began.
  var now = ContinuousClock.now
  /// When everything still open will be dropped; nil until shutdown is asked for.
  var stopBy: ContinuousClock.Instant?
  /// When the deadlines are to be looked at next.
  var nextSweep = ContinuousClock.now

  init(
    configuration: HTTPServerConfiguration, handler: @escaping HTTPHandler, listener: Listener, epoll: Epoll,
    inbox: Inbox, serialiser: ResponseSerialiser, tally: ConnectionTally
  ) {
    self.configuration = configuration
    self.handler = handler
    self.listener = listener
    self.epoll = epoll
    self.inbox = inbox
    self.serialiser = serialiser
    self.tally = tally
  }

  /// Generation 0 is kept for descriptors that are not connections.
  static func service(_ descriptor: Int32) -> ConnectionID {
    ConnectionID(descriptor: descriptor, generation: 0)
  }

  /// Runs until shutdown is complete.
  func run() {
    var events = [epoll_event](repeating: epoll_event(), count: 256)
    while stopBy == nil || !connections.isEmpty {
      let timeout = (nextSweep - .now).epollTimeout
      // epoll does not fail with arguments that are right; if it should, serving is over.
      guard let count = try? epoll.wait(into: &events, timeout: timeout) else { break }
      now = .now
      for index in 0..<count {
        dispatch(ConnectionID(token: cepoll_token(&events[index])), .init(rawValue: cepoll_events(&events[index])))
      }
      // Last, so that a request that has arrived saves its connection from having to make room.
      if hasNewcomers { acceptConnections() }
      hasNewcomers = false
      if now >= nextSweep {
        nextSweep = now + max(configuration.deadlines.sweep, .milliseconds(1))
        enforceDeadlines()
      }
      if let stopBy, stopBy > now { nextSweep = min(nextSweep, stopBy) }
    }
    tearDown()
  }

  private func dispatch(_ id: ConnectionID, _ events: Epoll.Events) {
    if id.generation == 0 {
      if id.descriptor == inbox.descriptor {
        readInbox()
      } else {
        hasNewcomers = true
      }
      return
    }
    // An event of this round may belong to a connection that was dropped earlier in it.
    guard let connection = connection(id) else { return }
    if !events.isDisjoint(with: .broken) || (connection.watchesPeer && events.contains(.peerClosed)) {
      // A lingering connection is "broken" once both sides have closed; what the system still holds is to be delivered.
      return drop(connection, abruptly: connection.phase != .lingering)
    }
    if events.contains(.peerClosed) { notePeerClosed(connection) }
    if events.contains(.writable), self.connection(id) != nil { resumeSending(connection) }
    if events.contains(.readable), self.connection(id) != nil { read(connection) }
  }

  /// The connection of that very generation.
  func connection(_ id: ConnectionID) -> Connection? {
    guard let connection = connections[id.descriptor], connection.id == id else { return nil }
    return connection
  }

  /// Asks epoll for what the connection waits for.
  ///
  /// Unless `exact`, a wish to read that is no longer there stays registered: most clients send nothing before they
  /// have their answer, and that saves two system calls per request.
  func refreshInterest(_ connection: Connection, exact: Bool = false) {
    let wanted = connection.wanted
    if wanted == connection.registered || (!exact && wanted.union(.readable) == connection.registered) { return }
    do {
      try epoll.modify(connection.id, wanted)
      connection.registered = wanted
    } catch {
      drop(connection)
    }
  }
}

extension Duration {
  /// Whole milliseconds for `epoll_wait`, rounded up, from none to a minute.
  fileprivate var epollTimeout: Int32 {
    let milliseconds = min(max(self, .zero), .seconds(60)) / .milliseconds(1)
    return Int32(milliseconds.rounded(.up))
  }
}
