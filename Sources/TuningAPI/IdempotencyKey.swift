public import TuningModel

/// The client's name for a write, by which the server knows it again.
public enum IdempotencyKey {
  /// The header field that carries it.
  public static let field = "Idempotency-Key"
  /// The header field of an answer that was kept from an earlier time.
  public static let replayedField = "Idempotency-Replayed"

  /// A key that nobody has used: 128 random bits.
  public static func draw() -> String {
    let halves = [UInt64.random(in: 0...(.max)), UInt64.random(in: 0...(.max))]
    return halves.map { half in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Reads the fields of a request; `nil` where there is none.
  ///
  /// - Throws: `malformed` where there are several, or it is not 1 to 255 visible ASCII characters.
  public static func read(_ values: [String]) throws(StudyError) -> String? {
    guard let key = values.first else { return nil }
    guard values.count == 1, (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw StudyError(.malformed, "\(field) must be one word of 1 to 255 visible ASCII characters.") }
    return key
  }

  /// What tells a request from others under the same key: a digest of its method, its path and its body.
  ///
  /// FNV-1a with 128 bits. It notices a client's mistake; it protects nobody from whoever looks for two requests with the
  /// same digest, who would only deceive himself.
  /// - Source: Fowler, Noll, Vo, Eastlake: RFC 9923, section 2.
  public static func fingerprint(method: String, path: String, body: [UInt8]) -> String {
    var hash = RequestDigest()
    hash.add("\(method) \(path)\n".utf8)
    hash.add(body)
    return hash.text
  }
}

/// FNV-1a with 128 bits.
package struct RequestDigest {
  /// Starts with no bytes.
  package init() {}

  private static let prime: UInt128 = (1 << 88) + 0x13B
  private var state: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D

  /// Takes in bytes.
  package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt128(byte)) &* Self.prime }
  }

  /// 32 hexadecimal digits.
  package var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
