/// What a client presents: `hone_<id>_<secret>`.
///
/// It prints as its id, so that no log and no message repeats the secret by accident; `text` is the whole.
public struct AccessCredential: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// Names the token: 16 hexadecimal digits.
  public let id: String
  /// Proves the right to it: 64 hexadecimal digits.
  public let secret: String

  /// Joins a credential.
  public init(id: String, secret: String) {
    self.id = id
    self.secret = secret
  }

  /// Reads a credential; `nil` where the text has another form.
  public init?(text: String) {
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "hone", Self.isHexadecimal(parts[1], 16), Self.isHexadecimal(parts[2], 64)
    else { return nil }
    self.init(id: String(parts[1]), secret: String(parts[2]))
  }

  /// The form in which it is sent.
  public var text: String { "hone_\(id)_\(secret)" }

  /// The credential without its secret.
  public var description: String { "hone_\(id)_…" }

  /// The credential without its secret.
  public var debugDescription: String { description }

  /// Shows no secret.
  public var customMirror: Mirror { Mirror(self, children: ["id": id]) }

  private static func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
    text.utf8.count == count
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      }
  }
}
