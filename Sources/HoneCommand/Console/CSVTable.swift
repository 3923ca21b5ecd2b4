import Foundation
import TuningModel

/// A table of comma-separated values (RFC 4180).
package struct CSVTable: Sendable {
  /// The names of the columns; where the file has none, their numbers from 1.
  package var names: [String]
  /// The cells of each row.
  package var rows: [[String]]
  /// The line on which each row begins, from 1.
  package var lines: [Int]

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: the text of the file.
  ///   - source: what to call it in messages.
  ///   - hasHeader: whether the first row names the columns.
  ///   - skipped: how many rows to leave out first.
  ///   - namesOptions: whether messages name the options of `hone bilevel` that may help.
  /// - Throws: `CommandFailure` where rows differ in their number of cells, or there are none.
  package init(
    _ text: String, source: String, hasHeader: Bool = true, skipping skipped: Int = 0, namesOptions: Bool = true
  ) throws(CommandFailure) {
    let read = Self.cells(text).dropFirst(skipped)
    guard let first = read.first else { throw CommandFailure(.usage, "\(source) has no rows") }
    var body = Array(read)
    if hasHeader {
      names = first.cells
      body.removeFirst()
    } else {
      names = (1...first.cells.count).map(String.init)
    }
    for row in body where row.cells.count != names.count {
      var hint = ""
      if hasHeader && namesOptions {
        hint = "; --no-header says that the first row is data, --skip-rows leaves rows out"
      }
      throw CommandFailure(
        .usage, "\(source), line \(row.line) has \(row.cells.count) cells instead of \(names.count)\(hint)")
    }
    rows = body.map(\.cells)
    lines = body.map(\.line)
  }

  /// The position of a column by its name, or by its number from 1.
  ///
  /// - Throws: `CommandFailure` where there is no such column.
  package func column(_ name: String, source: String) throws(CommandFailure) -> Int {
    if let index = names.firstIndex(of: name) { return index }
    if let number = Int(name), names.indices.contains(number - 1) { return number - 1 }
    let known = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    throw CommandFailure(.usage, "\(source) has no column \(name); its columns are \(known)")
  }

  /// The cells of a column as numbers.
  ///
  /// - Throws: `CommandFailure` that names the first cell that is no finite number.
  package func numbers(_ column: Int, source: String) throws(CommandFailure) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(rows.count)
    for (row, line) in zip(rows, lines) {
      let cell = row[column].trimmingCharacters(in: .whitespaces)
      guard let value = Double(cell), value.isFinite else {
        throw CommandFailure(
          .usage,
          "\(source), line \(line), column \(names[column]): \"\(cell.onOneLine(atMost: 40))\" is no finite number")
      }
      values.append(value)
    }
    return values
  }

  private static func cells(_ text: String) -> [(cells: [String], line: Int)] {
    var rows: [(cells: [String], line: Int)] = []
    var (cells, cell): ([String], [UInt8]) = ([], [])
    var (inQuotes, wasQuoted) = (false, false)
    var (line, start) = (1, 1)
    func endCell() {
      cells.append(String(decoding: cell, as: UTF8.self))
      cell = []
    }
    func endRow() {
      if !(cells.isEmpty && cell.isEmpty && !wasQuoted) {
        endCell()
        rows.append((cells, start))
      }
      cells = []
      wasQuoted = false
    }
    var bytes = Array(text.utf8)[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    while let byte = bytes.popFirst() {
      if inQuotes {
        if byte == UInt8(ascii: "\"") {
          if bytes.first == byte { cell.append(bytes.removeFirst()) } else { inQuotes = false }
        } else {
          if byte == UInt8(ascii: "\n") { line += 1 }
          cell.append(byte)
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\"") where cell.isEmpty: (inQuotes, wasQuoted) = (true, true)
      case UInt8(ascii: ","): endCell()
      case UInt8(ascii: "\r") where bytes.first == UInt8(ascii: "\n"): break
      case UInt8(ascii: "\n"):
        endRow()
        line += 1
        start = line
      default: cell.append(byte)
      }
    }
    endRow()
    return rows
  }
}
