/// The target of a request, split and decoded.
public struct RequestTarget: Sendable, Hashable, CustomStringConvertible {
  /// The target as it was sent, printable ASCII.
  public let raw: String

  /// Host and port of a target in absolute form (`http://host:port/path`), which then overrides the Host field.
  public let authority: String?

  /// The path's segments, percent-decoded after splitting, so that `%2F` is no separator.
  ///
  /// `/` has none, `/a/` has `a` and an empty one, `*` has the one segment `*`. Dot segments are left as they are.
  public let segments: [String]

  /// The decoded query.
  public let query: QueryItems

  /// The target as it was sent.
  public var description: String { raw }

  /// Reads a target in origin, absolute or asterisk form (RFC 9112, section 3.2).
  public init(_ raw: String, method: HTTPMethod = .get) throws(HTTPError) {
    try self.init(bytes: Array(raw.utf8)[...], method: method)
  }

  init(bytes: ArraySlice<UInt8>, method: HTTPMethod) throws(HTTPError) {
    guard bytes.allSatisfy({ $0.isVisibleASCII && $0 != UInt8(ascii: "#") }) else { throw .malformedTarget }
    raw = String(decoding: bytes, as: UTF8.self)
    if raw == "*" {
      guard method == .options else { throw .malformedTarget }
      (authority, segments) = (nil, ["*"])
      query = try QueryItems([])
      return
    }
    let slash = UInt8(ascii: "/")
    var rest = bytes
    if bytes.first == slash {
      authority = nil
    } else {
      guard let scheme = Self.schemes.first(where: { Self.starts(bytes, with: $0) }) else { throw .malformedTarget }
      rest = bytes.dropFirst(scheme.utf8.count)
      let end = rest.firstIndex { $0 == slash || $0 == UInt8(ascii: "?") } ?? rest.endIndex
      guard end > rest.startIndex, rest[..<end].allSatisfy(\.isAuthority) else { throw .malformedTarget }
      authority = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[end...]
    }
    let question = rest.firstIndex(of: UInt8(ascii: "?"))
    query = try QueryItems(question.map { rest[($0 + 1)...] } ?? [])
    segments = try Self.segments(of: rest[..<(question ?? rest.endIndex)])
  }

  private static let schemes = ["http://", "https://"]

  private static func starts(_ bytes: ArraySlice<UInt8>, with scheme: String) -> Bool {
    bytes.count >= scheme.utf8.count && zip(bytes, scheme.utf8).allSatisfy { $0.asciiLowercased == $1 }
  }

  private static func segments(of path: ArraySlice<UInt8>) throws(HTTPError) -> [String] {
    guard path.count > 1 else { return [] }
    var segments: [String] = []
    for segment in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      segments.append(try PercentEncoding.decode(segment, plusIsSpace: false))
    }
    return segments
  }
}
