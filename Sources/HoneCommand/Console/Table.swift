/// Rows of text under a header, aligned for people.
package struct Table {
  private let header: [String]
  private let cellLimit: Int
  private var rows: [[String]] = []

  /// Creates a table without rows.
  ///
  /// - Parameter cellLimit: how many characters of a cell are shown.
  package init(_ header: [String], cellLimit: Int = 60) {
    self.header = header
    self.cellLimit = cellLimit
  }

  /// Adds a row with one cell for each column.
  package mutating func add(_ row: [String]) { rows.append(row.map { $0.onOneLine(atMost: cellLimit) }) }

  /// The lines of the table, each ended by a line break.
  package var text: String {
    let lines = [header] + rows
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      var text = ""
      for (cell, width) in zip(line, widths) {
        text += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }.joined()
  }
}

extension String {
  /// The text without line breaks and control characters, which could rearrange a terminal, cut to a length.
  package func onOneLine(atMost limit: Int) -> String {
    let clean = String(
      String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    return clean.count <= limit ? clean : clean.prefix(limit - 1) + "…"
  }
}
