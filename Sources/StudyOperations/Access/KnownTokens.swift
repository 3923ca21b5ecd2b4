import Foundation
import TuningModel

/// The tokens of a database in memory.
final class KnownTokens: @unchecked Sendable {
  private let lock = NSLock()
  private var order: [String] = []
  private var byID: [String: StoredAccessToken] = [:]

  init(_ tokens: [StoredAccessToken]) { for token in tokens { insert(token) } }

  var count: Int { lock.withLock { order.count } }
  var isEmpty: Bool { count == 0 }

  subscript(id: String) -> StoredAccessToken? { lock.withLock { byID[id] } }

  func add(_ token: StoredAccessToken) { lock.withLock { insert(token) } }

  func revoke(_ id: String, at time: Timestamp) { lock.withLock { byID[id]?.token.revokedAt = time } }

  /// Notes a use; answers whether it is long enough after the last one noted to be kept.
  func use(_ id: String, at time: Timestamp, resolution: Double) -> Bool {
    lock.withLock {
      if let last = byID[id]?.token.lastUsedAt, time < last.advanced(bySeconds: resolution) { return false }
      byID[id]?.token.lastUsedAt = time
      return true
    }
  }

  /// At most `limit` tokens made after one, or from the first on; `nil` where there is no such one.
  func tokens(after id: String?, limit: Int) -> [AccessToken]? {
    lock.withLock {
      var start = 0
      if let id {
        guard let index = order.firstIndex(of: id) else { return nil }
        start = index + 1
      }
      return order[start...].prefix(limit).compactMap { byID[$0]?.token }
    }
  }

  private func insert(_ token: StoredAccessToken) {
    if byID.updateValue(token, forKey: token.token.id) == nil { order.append(token.token.id) }
  }
}
