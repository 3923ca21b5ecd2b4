/// Comma-separated values after RFC 4180.
enum CSVText {
  /// A row with its line end.
  static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

  private static func cell(_ text: String) -> String {
    if !text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
