import Foundation
import Synchronization

/// Hears of the signals by which users and systems stop a process.
///
/// The handler only writes a byte into a pipe; a thread of its own acts on it, so a process that is busy, or stuck,
/// still obeys.
enum SignalWatch {
  /// What to do at the first signal.
  typealias Action = @Sendable (Int32) -> Void

  /// Starts watching SIGINT, SIGTERM and SIGHUP, the last only where it is not ignored already, as `nohup` has it.
  ///
  /// - Parameters:
  ///   - urgent: what to do at the second signal, or when the process is still there `limit` after the first; the process
  ///     then ends at once.
  static func start(limit: Duration, first: @escaping Action, urgent: @escaping Action) {
    let pipe = Pipe()
    let (reading, writing) = (pipe.fileHandleForReading.fileDescriptor, pipe.fileHandleForWriting.fileDescriptor)
    signalPipe.store(writing, ordering: .releasing)
    let thread = Thread { [pipe] in
      withExtendedLifetime(pipe) {
        guard let signal = next(from: reading, within: -1) else { return }
        first(signal)
        let milliseconds = limit.components.seconds * 1_000 + limit.components.attoseconds / 1_000_000_000_000_000
        let second = next(from: reading, within: Int32(clamping: milliseconds))
        urgent(second ?? signal)
        _exit(128 + (second ?? signal))
      }
    }
    thread.name = "hone signals"
    thread.start()
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      if signal == SIGHUP, sigaction(signal, nil, &action) == 0, action.isIgnored { continue }
      install(signal) { signal in note(signal) }
    }
    // A reader that goes away is an error of that write, not the end of everything. The handler, unlike ignoring the
    // signal, is not inherited by programs.
    install(SIGPIPE) { _ in }
    // So is a file that may not grow any more.
    install(SIGXFSZ) { _ in }
  }

  /// The next signal; `nil` when none comes in time.
  private static func next(from descriptor: Int32, within milliseconds: Int32) -> Int32? {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var count: Int32
    repeat { count = poll(&request, 1, milliseconds) } while count < 0 && errno == EINTR
    var byte: UInt8 = 0
    guard count > 0, read(descriptor, &byte, 1) == 1 else { return nil }
    return Int32(byte)
  }

  private static func install(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = Int32(SA_RESTART)
    sigemptyset(&action.sa_mask)
    sigaction(signal, &action, nil)
  }
}

/// Where the signal handler, which can be handed nothing, writes to; one watch at a time.
private let signalPipe = Atomic<Int32>(-1)

/// The handler: only what is safe in the middle of anything.
private func note(_ signal: Int32) {
  let saved = errno
  var byte = UInt8(truncatingIfNeeded: signal)
  _ = write(signalPipe.load(ordering: .acquiring), &byte, 1)
  errno = saved
}

extension sigaction {
  fileprivate var isIgnored: Bool {
    // SIG_IGN is the number 1, which no function has.
    unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
