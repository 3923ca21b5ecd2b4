import Foundation
package import SocketHTTP

/// A token bucket for each client.
///
/// Of a bucket only the moment is kept at which it will be full again (the generic cell rate algorithm), so a client that
/// has been silent long enough needs nothing at all.
package final class RateLimiter: @unchecked Sendable {
  /// So many clients are told apart; those beyond share a bucket.
  package static let capacity = 10_000
  private static let others = "others"
  /// Seconds that count as none: what sums of times are off by.
  private static let rounding = 1e-9

  private let interval: Double
  private let tolerance: Double
  private let lock = NSLock()
  private let start = ContinuousClock.now
  private var fullAt: [String: Double] = [:]
  private var lastSweep = -Double.infinity

  package init(_ limit: RateLimit) {
    interval = 1 / max(limit.perSecond, 1e-6)
    tolerance = interval * Double(max(limit.burst, 1) - 1)
  }

  /// Takes a request of a client, or says in how many seconds, at least 1, it would be taken.
  package func admit(_ client: String, at time: ContinuousClock.Instant = .now) -> Int? {
    let now = (time - start) / .seconds(1)
    return lock.withLock {
      let key = place(client, now)
      let full = max(fullAt[key] ?? now, now)
      let wait = full - now - tolerance
      if wait > Self.rounding { return Int(max(1, min((wait - Self.rounding).rounded(.up), 86_400))) }
      fullAt[key] = full + interval
      return nil
    }
  }

  /// How many clients have a bucket that is not full.
  package var count: Int { lock.withLock { fullAt.count } }

  /// The name of the bucket: the client's own as long as there is room.
  private func place(_ client: String, _ now: Double) -> String {
    if fullAt[client] != nil || fullAt.count < Self.capacity { return client }
    if now - lastSweep >= 1 {
      lastSweep = now
      fullAt = fullAt.filter { $0.value > now }
    }
    return fullAt.count < Self.capacity ? client : Self.others
  }

  /// What tells clients without tokens apart: the address, of IPv6 only the network, of which one client has many
  /// addresses.
  package static func client(at address: SocketAddress) -> String {
    var bytes = in6_addr()
    guard inet_pton(AF_INET6, address.host, &bytes) == 1 else { return address.host }
    return withUnsafeBytes(of: &bytes) { bytes in
      // An IPv4 address that is written as one of IPv6 is told apart to its last byte.
      let mapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
      return bytes[..<(mapped ? 16 : 8)].map { String($0, radix: 16) }.joined(separator: ".")
    }
  }
}
