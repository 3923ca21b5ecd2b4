import SocketHTTP

/// The name of a request in the log, sent back with every answer.
enum RequestID {
  /// The header field that carries it.
  static let field = "X-Request-Id"

  /// The client's own name for the request where it is a sane one, else a new one.
  static func of(_ request: HTTPRequest) -> String {
    if let id = request.headers[field], isSane(id) { return id }
    return new()
  }

  /// 16 random hexadecimal digits.
  static func new() -> String {
    let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Whether it has 1 to 128 letters, digits, dots, underscores and hyphens, and so cannot forge a line of the log.
  private static func isSane(_ id: String) -> Bool {
    (1...128).contains(id.utf8.count)
      && id.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
