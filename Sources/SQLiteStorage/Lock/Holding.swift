import Foundation

/// A lock that is given up once, while others may still ask for it.
final class Holding: @unchecked Sendable {
  private let guarding = NSLock()
  private var lock: DatabaseLock?

  init(_ lock: DatabaseLock) { self.lock = lock }

  func release() { guarding.withLock { lock = nil } }

  var isReleased: Bool { guarding.withLock { lock == nil } }

  func name(address: String?) { guarding.withLock { lock?.name(address: address) } }
}
