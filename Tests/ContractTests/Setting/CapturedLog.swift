import Foundation
import Logging

/// Keeps what is logged.
final class CapturedLog: @unchecked Sendable {
  private let lock = NSLock()
  private var kept: [(message: String, metadata: Logger.Metadata)] = []

  var entries: [(message: String, metadata: Logger.Metadata)] { lock.withLock { kept } }

  func add(_ message: String, _ metadata: Logger.Metadata) { lock.withLock { kept.append((message, metadata)) } }

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  private struct Handler: LogHandler {
    let log: CapturedLog
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { log.add("\(event.message)", event.metadata ?? [:]) }
  }
}
