import Foundation

/// The addresses that only programs on the same machine reach.
enum Loopback {
  /// Whether a host is such an address: `localhost`, 127.0.0.0/8 or `::1`.
  ///
  /// No other name is looked up.
  static func contains(_ host: String) -> Bool {
    if host.lowercased() == "localhost" { return true }
    var v4 = in_addr()
    if inet_pton(AF_INET, host, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
    var v6 = in6_addr()
    guard inet_pton(AF_INET6, host, &v6) == 1 else { return false }
    return withUnsafeBytes(of: &v6) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
  }
}
