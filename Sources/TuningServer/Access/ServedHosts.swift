import Foundation

/// The hosts under which a server without access tokens may be addressed.
struct ServedHosts: Sendable {
  private let names: Set<String>
  /// Whether it listens where others reach it; then addresses in digits are its own, which no name can be made to be.
  private let isReachable: Bool

  init(_ configuration: ServerConfiguration) {
    names = Set((configuration.allowedHosts + [configuration.host]).map { $0.lowercased() })
    isReachable = !Loopback.contains(configuration.host)
  }

  /// Whether a host, with or without a port, is one of them; the port may be a proxy's.
  func contain(authority: String) -> Bool {
    let host = Self.host(of: authority).lowercased()
    return names.contains(host) || Loopback.contains(host) || (isReachable && Self.isAddress(host))
  }

  /// What they are, for people.
  var summary: String { (["localhost"] + names.sorted().filter { $0 != "localhost" }).joined(separator: ", ") }

  /// The host without brackets and port.
  private static func host(of authority: String) -> String {
    if authority.hasPrefix("[") {
      return String(authority.dropFirst().prefix { $0 != "]" })
    }
    return String(authority.prefix { $0 != ":" })
  }

  private static func isAddress(_ host: String) -> Bool {
    var v4 = in_addr()
    var v6 = in6_addr()
    return inet_pton(AF_INET, host, &v4) == 1 || inet_pton(AF_INET6, host, &v6) == 1
  }
}
