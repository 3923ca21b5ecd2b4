import Foundation

/// Threads of their own for long computations, so that none of them ever holds up a thread that serves requests.
///
/// A computation occupies one thread from beginning to end; more of them wait in order of arrival.
public final class ComputePool: Sendable {
  private let queue = Queue()

  /// The number of threads.
  public let threadCount: Int

  /// The stack of each thread, in bytes.
  public static let stackSize = 8 << 20

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
  public func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      queue.append { continuation.resume(returning: work()) }
    }
  }

  /// What the threads share; `condition` guards the rest.
  private final class Queue: @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [(@Sendable () -> Void)?] = []
    private var taken = 0
    private var isClosed = false

    func append(_ job: @escaping @Sendable () -> Void) {
      condition.withLock {
        jobs.append(job)
        condition.signal()
      }
    }

    func close() {
      condition.withLock {
        isClosed = true
        condition.broadcast()
      }
    }

    /// Runs jobs until the queue is closed and empty.
    func work() {
      while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
      condition.withLock {
        while taken == jobs.count {
          if isClosed { return nil }
          condition.wait()
        }
        if taken > 64, taken * 2 > jobs.count {
          jobs.removeFirst(taken)
          taken = 0
        }
        // What is done is let go of: a job holds a copy of its study's tuner.
        let job = jobs[taken]
        jobs[taken] = nil
        taken += 1
        return job
      }
    }
  }
}
