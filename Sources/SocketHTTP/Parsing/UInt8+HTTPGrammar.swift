/// Character classes of RFC 9110 and RFC 9112.
extension UInt8 {
  static let carriageReturn: UInt8 = 0x0D
  static let lineFeed: UInt8 = 0x0A
  static let space: UInt8 = 0x20
  static let tab: UInt8 = 0x09

  /// A space or a horizontal tab.
  var isBlank: Bool { self == .space || self == .tab }

  /// A control character that may stand nowhere in a message head; the tab is not one of them.
  var isForbiddenControl: Bool { (self < 0x20 && self != .tab) || self == 0x7F }

  /// A visible ASCII character.
  var isVisibleASCII: Bool { self > 0x20 && self < 0x7F }

  /// The same letter in lower case, any other byte unchanged.
  var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

  /// The value of an ASCII decimal digit.
  var decimalValue: UInt8? { self >= 0x30 && self <= 0x39 ? self - 0x30 : nil }

  /// The value of an ASCII hexadecimal digit.
  var hexadecimalValue: UInt8? {
    if let decimalValue { return decimalValue }
    let lower = asciiLowercased
    return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : nil
  }

  /// A character of a token (`tchar`): methods and field names.
  var isToken: Bool { Self.tokens[Int(self)] }

  /// A character of `host [":" port]`, brackets of IPv6 literals included.
  var isAuthority: Bool { Self.authorities[Int(self)] }

  private static let tokens = table("!#$%&'*+-.^_`|~")
  private static let authorities = table("-._~%!$&'()*+,;=:[]")

  /// Letters, digits and the given marks.
  private static func table(_ marks: StaticString) -> [Bool] {
    var table = [Bool](repeating: false, count: 256)
    for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { table[Int(byte)] = true }
    for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { table[Int(byte)] = true }
    for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { table[Int(byte)] = true }
    for byte in marks.description.utf8 { table[Int(byte)] = true }
    return table
  }
}
