import Dispatch
import Foundation
import Logging
import SocketHTTP
import TuningAPI

/// Writes one line for each request, on a queue of its own so that a slow log holds up no connection.
final class AccessLog: Sendable {
  /// So many lines may wait; more are dropped and counted.
  private static let capacity = 10_000

  /// The name under which an answer tells the log whose token its request came with.
  static let tokenAnnotation = "token"

  private let logger: Logger
  private let queue = DispatchQueue(label: "access log")
  private let backlog = Backlog()

  init(_ logger: Logger) {
    self.logger = logger
  }

  /// Notes an exchange; returns at once.
  func note(_ exchange: HTTPExchange) {
    guard backlog.enter(capacity: Self.capacity) else { return }
    queue.async { [self] in
      if let dropped = backlog.leave() {
        logger.warning("requests not logged", metadata: ["count": "\(dropped)"])
      }
      write(exchange)
    }
  }

  private func write(_ exchange: HTTPExchange) {
    // The path itself, or what stands in its query, is the user's own affair.
    let route = exchange.annotations[ServerInstruments.routeAnnotation]
    // Probes come every few seconds and say nothing.
    let isProbe = route == APIOperation.getHealth.path || route == APIOperation.getReadiness.path
    var metadata: Logger.Metadata =
      [
        "method": "\(exchange.method?.rawValue.prefix(16) ?? "-")", "route": "\(route ?? "-")",
        "status": "\(exchange.status.map { "\($0.code)" } ?? "-")", "ms": "\(exchange.duration.milliseconds)",
        "request_id": "\(exchange.responseHeaders[RequestID.field] ?? "-")",
        "outcome": "\(Self.name(of: exchange.outcome))",
      ]
    if let token = exchange.annotations[Self.tokenAnnotation] { metadata["token"] = "\(token)" }
    logger.log(level: isProbe ? .debug : .info, "request", metadata: metadata)
  }

  private static func name(of outcome: HTTPExchange.Outcome) -> String {
    switch outcome {
    case .answered: "answered"
    case .rejected(let error): error.code
    case .aborted: "aborted"
    }
  }

  /// Returns once all that was noted so far is written.
  func flush() async {
    await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
  }
}

/// How many lines wait, and how many were dropped since one was written.
private final class Backlog: @unchecked Sendable {
  private let lock = NSLock()
  private var waiting = 0
  private var dropped = 0

  /// Takes a place; `false` where none is free.
  func enter(capacity: Int) -> Bool {
    lock.withLock {
      if waiting == capacity {
        dropped += 1
        return false
      }
      waiting += 1
      return true
    }
  }

  /// Frees a place; answers the number dropped since the last time, where it is not 0.
  func leave() -> Int? {
    lock.withLock {
      waiting -= 1
      defer { dropped = 0 }
      return dropped == 0 ? nil : dropped
    }
  }
}

extension Duration {
  /// Milliseconds with one digit after the point.
  fileprivate var milliseconds: String {
    let (seconds, attoseconds) = components
    let tenths = seconds * 10_000 + attoseconds / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10)"
  }
}
