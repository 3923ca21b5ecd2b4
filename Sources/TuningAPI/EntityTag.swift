public import TuningModel

/// The revision of a study or a trial as an HTTP entity tag: `"3"`.
public enum EntityTag {
  /// The value of `ETag` for a revision.
  public static func text(_ revision: Int) -> String { "\"\(revision)\"" }

  /// What `If-Match` or `If-None-Match` names.
  public enum Condition: Hashable, Sendable {
    /// Any revision will do.
    case any
    /// One of these revisions; none of them where every tag is of another make.
    case oneOf([Int])
  }

  /// Whether `If-None-Match` names a revision, by which a reader has it already; a weak tag will do.
  ///
  /// - Throws: `malformed` where the value is not `*` or a list of tags in double quotes.
  public static func names(_ revision: Int, _ text: String) throws(StudyError) -> Bool {
    switch try condition(text.replacing("W/\"", with: "\"")) {
    case .any: true
    case .oneOf(let revisions): revisions.contains(revision)
    }
  }

  /// Reads the value of `If-Match`.
  ///
  /// A weak tag, and one that is no revision, is sound but can never match.
  /// - Throws: `malformed` where the value is not `*` or a list of tags in double quotes.
  public static func condition(_ text: String) throws(StudyError) -> Condition {
    let list = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
    if list == ["*"] { return .any }
    var revisions: [Int] = []
    for item in list {
      let isWeak = item.hasPrefix("W/")
      let tag = item.dropFirst(isWeak ? 2 : 0)
      guard tag.utf8.count >= 2, tag.first == "\"", tag.last == "\"",
        tag.dropFirst().dropLast().utf8.allSatisfy(isTagByte)
      else {
        throw StudyError(.malformed, "If-Match and If-None-Match are * or a revision in double quotes, such as \"3\".")
      }
      if !isWeak, let revision = Int(tag.dropFirst().dropLast()), EntityTag.text(revision) == tag {
        revisions.append(revision)
      }
    }
    return .oneOf(revisions)
  }

  /// Whether a tag may hold a byte: a visible one of ASCII other than the double quote (RFC 9110, section 8.8.3).
  private static func isTagByte(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = firstIndex(where: { !blank($0) }), let last = lastIndex(where: { !blank($0) }) else { return "" }
    return self[first...last]
  }
}
