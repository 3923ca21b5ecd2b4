import Foundation

/// Threads of their own for long computations, so that none of them ever holds up a thread that serves requests.
///
/// A computation occupies one thread from beginning to end; more of them wait in order of arrival, those that somebody
/// waits for before those that are done ahead of time.
public final class ComputePool: Sendable {
  private let queue = Queue()

  /// The number of threads.
  public let threadCount: Int

  /// The stack of each thread, in bytes.
  public static let stackSize = 8 << 20

  /// Who wants a computation done.
  public enum Urgency: Sendable {
    /// Somebody waits for it.
    case awaited
    /// Nobody yet: it gives way to what is awaited, but one in `turnOfAhead` threads that become free takes it up.
    case ahead
  }

  /// How many awaited computations may pass one that is done ahead of time.
  static let turnOfAhead = 8

  /// Names a computation that waits, or will, so that it can be hastened.
  public final class Ticket: @unchecked Sendable {
    /// Guarded by the lock of the queue that the computation comes to.
    fileprivate var isHastened = false

    /// Creates a name.
    public init() {}
  }

  /// Starts the threads; as many as there are processors but one, at least one, where no number is given.
  public init(threads: Int? = nil) {
    threadCount = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount - 1)
    for _ in 1...threadCount {
      let thread = Thread { [queue] in queue.work() }
      thread.stackSize = Self.stackSize
      thread.start()
    }
  }

  deinit { queue.close() }

  /// Runs a computation on one of the threads and answers with its result.
  ///
  /// It is not interrupted when the calling task is cancelled.
  public func run<Result: Sendable>(
    _ urgency: Urgency = .awaited, as ticket: Ticket? = nil, _ work: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      queue.append(Job(ticket: ticket) { continuation.resume(returning: work()) }, urgency)
    }
  }

  /// Lets a computation that waits ahead of time, or comes to wait, take its place among those that are awaited.
  public func hasten(_ ticket: Ticket) { queue.hasten(ticket) }

  /// How many computations wait for a thread.
  package var waitingCount: Int { queue.count }

  private struct Job: Sendable {
    let ticket: Ticket?
    let run: @Sendable () -> Void
  }

  /// What the threads share; `condition` guards the rest.
  private final class Queue: @unchecked Sendable {
    private let condition = NSCondition()
    private var awaited = Line<Job>()
    private var ahead = Line<Job>()
    /// How many awaited jobs have passed the first of those ahead of time.
    private var passes = 0
    private var isClosed = false

    func append(_ job: Job, _ urgency: Urgency) {
      condition.withLock {
        if urgency == .awaited || job.ticket?.isHastened == true { awaited.append(job) } else { ahead.append(job) }
        condition.signal()
      }
    }

    func hasten(_ ticket: Ticket) {
      condition.withLock {
        ticket.isHastened = true
        if let job = ahead.remove(where: { $0.ticket === ticket }) { awaited.append(job) }
      }
    }

    var count: Int { condition.withLock { awaited.count + ahead.count } }

    func close() {
      condition.withLock {
        isClosed = true
        condition.broadcast()
      }
    }

    /// Runs jobs until the queue is closed and empty.
    func work() {
      while let job = next() { job.run() }
    }

    private func next() -> Job? {
      condition.withLock {
        while awaited.isEmpty && ahead.isEmpty {
          if isClosed { return nil }
          condition.wait()
        }
        if awaited.isEmpty || (passes >= ComputePool.turnOfAhead && !ahead.isEmpty) {
          passes = 0
          return ahead.popFirst()
        }
        passes = ahead.isEmpty ? 0 : passes + 1
        return awaited.popFirst()
      }
    }
  }
}
