/// One or several charts with what is to be said of them.
package struct Figure: Sendable {
  /// What it is about.
  package var title: String
  /// The charts, side by side as far as there is room.
  package var charts: [Chart]
  /// Sentences that explain it.
  package var notes: [String]
  /// Tables for pages and terminals.
  package var tables: [Sheet]

  package init(_ title: String, _ charts: [Chart], notes: [String] = [], tables: [Sheet] = []) {
    (self.title, self.charts, self.notes, self.tables) = (title, charts, notes, tables)
  }

  /// A table with a heading.
  package struct Sheet: Sendable {
    package var title: String
    package var header: [String]
    package var rows: [[String]]

    package init(_ header: [String], _ rows: [[String]], title: String = "") {
      (self.title, self.header, self.rows) = (title, header, rows)
    }
  }
}
