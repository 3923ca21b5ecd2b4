import Foundation

/// A thread that starts work at set times and runs it itself.
///
/// Leases have to be renewed however busy the process is, so neither the clock nor the work waits for a thread of
/// Swift's cooperative pool: tasks started here prefer this thread for every step that is bound to no other.
final class TimerThread: TaskExecutor, Sendable {
  /// A job to repeat.
  private struct Timer {
    var due: ContinuousClock.Instant
    var interval: Duration
    var action: @Sendable () async -> Void
  }

  private struct State {
    var jobs: [UnownedJob] = []
    var timers: [Int: Timer] = [:]
    var nextID = 0
    var isEnding = false
  }

  private let state = Guarded(State())
  private let wakeUp = Pipe()

  /// Starts the thread.
  init() {
    let thread = Thread { [self] in loop() }
    thread.name = "hone timers"
    thread.start()
  }

  /// Runs `action` every `interval`, first after one interval, until the answer is cancelled.
  func `repeat`(every interval: Duration, _ action: @escaping @Sendable () async -> Void) -> Registration {
    let id = state.use { state in
      state.nextID += 1
      state.timers[state.nextID] = Timer(due: .now + interval, interval: interval, action: action)
      return state.nextID
    }
    wake()
    return Registration { [state] in state.use { $0.timers[id] = nil } }
  }

  /// Ends the thread once the work in hand is done; timers fire no more.
  func end() {
    state.use { $0.isEnding = true }
    wake()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.use { $0.jobs.append(job) }
    wake()
  }

  private func wake() {
    var byte: UInt8 = 0
    // A full pipe wakes the thread as well.
    _ = write(wakeUp.fileHandleForWriting.fileDescriptor, &byte, 1)
  }

  private func loop() {
    let descriptor = wakeUp.fileHandleForReading.fileDescriptor
    for end in [descriptor, wakeUp.fileHandleForWriting.fileDescriptor] {
      _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
    }
    var scratch = [UInt8](repeating: 0, count: 256)
    while true {
      let (jobs, due, wait, isEnding) = state.use { state in
        let now = ContinuousClock.now
        var due: [@Sendable () async -> Void] = []
        for (id, timer) in state.timers where timer.due <= now {
          due.append(timer.action)
          state.timers[id]?.due = now + timer.interval
        }
        defer { state.jobs = [] }
        return (state.jobs, due, state.timers.values.map(\.due).min().map { $0 - now }, state.isEnding)
      }
      for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
      if isEnding && jobs.isEmpty { return }
      if !isEnding { for action in due { Task(executorPreference: self) { await action() } } }
      if jobs.isEmpty && due.isEmpty {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, wait.map(Self.milliseconds) ?? -1)
      }
      while read(descriptor, &scratch, scratch.count) == scratch.count {}
    }
  }

  /// A time to wait in whole milliseconds, rounded up, at most a minute.
  private static func milliseconds(_ duration: Duration) -> Int32 {
    let (seconds, attoseconds) = duration.components
    return seconds >= 60 ? 60_000 : Int32(max(0, seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1))
  }
}

/// Something that goes on until it is cancelled.
struct Registration: Sendable {
  private let action: @Sendable () -> Void

  init(_ action: @escaping @Sendable () -> Void) { self.action = action }

  /// Ends it; doing so again means nothing.
  func cancel() { action() }
}
