/// The words in which a worker says why a trial ended.
enum Reason {
  /// The longest text that is kept, in bytes of UTF-8.
  static let longest = 8_192

  /// The text as it is kept: without NUL characters, and cut where it is too long, which its end then says.
  ///
  /// - Returns: `nil` for no text.
  static func sound(_ text: String?) -> String? {
    guard let text, !text.isEmpty else { return nil }
    let clean = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    let size = clean.utf8.count
    if size <= longest { return clean }
    let note = " … [cut; \(size) bytes in all]"
    var kept = String.UnicodeScalarView()
    var room = longest - note.utf8.count
    for scalar in clean.unicodeScalars {
      room -= UTF8.width(scalar)
      if room < 0 { break }
      kept.append(scalar)
    }
    return String(kept) + note
  }
}
