import Foundation

/// What a process writes to one of its streams, as it comes.
final class StreamedText: @unchecked Sendable {
  private let lock = NSLock()
  private var text = ""
  private var waiting: [(String, CheckedContinuation<Bool, Never>)] = []
  private let end = Flag()

  init(_ handle: FileHandle) {
    // A thread of its own: reading blocks.
    Thread { [self] in
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65_536)
      while case let count = read(handle.fileDescriptor, &chunk, chunk.count), count > 0 {
        bytes += chunk.prefix(count)
        take(String(decoding: bytes, as: UTF8.self))
      }
      finish()
    }.start()
  }

  /// Waits until the text appears; `false` where the stream ends without it.
  func shows(_ expected: String) async -> Bool {
    await withCheckedContinuation { continuation in
      let answer: Bool? = lock.withLock {
        if text.contains(expected) { return true }
        if end.isRaised { return false }
        waiting.append((expected, continuation))
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  /// What has come so far.
  var shown: String {
    get async { lock.withLock { text } }
  }

  /// Everything, once the stream has ended.
  func whole() async -> String {
    await end.wait()
    return lock.withLock { text }
  }

  private func take(_ whole: String) {
    let shown = lock.withLock {
      text = whole
      let shown = waiting.filter { whole.contains($0.0) }
      waiting.removeAll { whole.contains($0.0) }
      return shown
    }
    for (_, continuation) in shown { continuation.resume(returning: true) }
  }

  private func finish() {
    let left = lock.withLock {
      defer { waiting = [] }
      end.raise()
      return waiting
    }
    for (_, continuation) in left { continuation.resume(returning: false) }
  }

  /// Raised once; many may wait for it.
  final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var raised = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    var isRaised: Bool { lock.withLock { raised } }

    func raise() {
      let continuations = lock.withLock {
        raised = true
        defer { waiting = [] }
        return waiting
      }
      for continuation in continuations { continuation.resume() }
    }

    func wait() async {
      await withCheckedContinuation { continuation in
        let isRaised = lock.withLock {
          if !raised { waiting.append(continuation) }
          return raised
        }
        if isRaised { continuation.resume() }
      }
    }
  }
}
