import Foundation

/// Draws figures in characters.
package struct TextDrawing {
  /// The width of the terminal.
  private let width: Int
  private let isColoured: Bool

  private static let labelWidth = 12

  /// Draws for a terminal.
  ///
  /// - Parameters:
  ///   - width: the number of columns; a drawing takes 40 to 110 of them.
  ///   - isColoured: whether colours may be used.
  package init(width: Int, isColoured: Bool) {
    self.width = min(max(width, 40), 110)
    self.isColoured = isColoured
  }

  /// Whether a terminal wants colours: not where NO_COLOR is set, nor in files and simple terminals.
  package static func wantsColours(isInteractive: Bool, _ environment: [String: String]) -> Bool {
    isInteractive && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// The figure, lines ended.
  package func text(_ figure: Figure) -> String {
    var parts = figure.charts.map(chart)
    let notes = figure.notes.flatMap(wrapped).joined(separator: "\n")
    if !notes.isEmpty { parts.append(notes + "\n") }
    parts += figure.tables.map(table)
    return parts.joined(separator: "\n")
  }

  private func table(_ sheet: Figure.Sheet) -> String {
    var table = Table(sheet.title.isEmpty ? sheet.header : [sheet.title] + sheet.header.dropFirst())
    for row in sheet.rows { table.add(row) }
    return table.text
  }

  private func wrapped(_ sentence: String) -> [String] {
    var lines = [""]
    for word in sentence.split(separator: " ") {
      if lines[lines.count - 1].count + word.count + 1 > width, !lines[lines.count - 1].isEmpty { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines
  }

  // MARK: Charts

  private func chart(_ chart: Chart) -> String {
    let hasRows = !chart.y.categories.isEmpty
    let names = hasRows ? chart.y.categories.map(\.count) : []
    let left = hasRows ? min(max(names.max() ?? 8, 8), width / 3) : Self.labelWidth
    let notes = noteWidth(chart)
    let columns = max(width - left - 2 - notes, 16)
    let rows = hasRows ? chart.y.categories.count : chart.lines
    var canvas = TextCanvas(columns: columns, rows: rows)
    for ruler in chart.rulers {
      let x = chart.x.position(of: ruler.x)
      for row in 0..<rows { canvas.put("┊", Int((x * Double(columns - 1)).rounded()), row, .grey) }
    }
    for layer in chart.layers { draw(layer, of: chart, on: &canvas) }
    var lines = canvas.lines(coloured: isColoured)
    let labels = yLabels(chart, rows)
    let ends = endNotes(chart, rows)
    for row in lines.indices {
      lines[row] = padded(labels[row] ?? "", left) + " │" + lines[row]
      if let note = ends[row] { lines[row] += note }
    }
    lines.append(String(repeating: " ", count: left) + " └" + String(repeating: "─", count: columns))
    lines += xLabels(chart, columns).map { String(repeating: " ", count: left + 2) + $0 }
    if !chart.title.isEmpty { lines.insert(chart.title.onOneLine(atMost: width), at: 0) }
    if !chart.y.label.isEmpty, !hasRows, chart.title.isEmpty || chart.title != chart.y.label {
      lines.insert(chart.y.label.onOneLine(atMost: width), at: chart.title.isEmpty ? 0 : 1)
    }
    lines += legend(chart)
    return lines.map { $0.trimmingSuffix(" ") + "\n" }.joined()
  }

  private func noteWidth(_ chart: Chart) -> Int {
    chart.layers.reduce(0) { width, layer in
      if case .bars(let bars) = layer {
        max(width, bars.map { $0.note.isEmpty ? 0 : $0.note.count + 1 }.max() ?? 0)
      } else {
        width
      }
    }
  }

  private func yLabels(_ chart: Chart, _ rows: Int) -> [Int: String] {
    if !chart.rulers.isEmpty { return [:] }
    if !chart.y.categories.isEmpty {
      return Dictionary(
        uniqueKeysWithValues: chart.y.categories.enumerated().map { (rows - 1 - $0.offset, $0.element) })
    }
    var labels: [Int: String] = [:]
    for tick in chart.y.ticks(max(2, rows / 4)) {
      labels[rows - 1 - Int((chart.y.position(of: tick) * Double(rows - 1)).rounded())] = chart.y.text(of: tick)
    }
    return labels
  }

  /// What stands behind the ends of bars, by row.
  private func endNotes(_ chart: Chart, _ rows: Int) -> [Int: String] {
    var notes: [Int: String] = [:]
    for case .bars(let bars) in chart.layers {
      for bar in bars where !bar.note.isEmpty { notes[rows - 1 - Int(bar.y.rounded())] = " " + bar.note }
    }
    return notes
  }

  /// The ticks of the x axis where there is room, and its label.
  private func xLabels(_ chart: Chart, _ columns: Int) -> [String] {
    var lines: [String] = []
    let places =
      chart.rulers.isEmpty
      ? chart.x.ticks(columns / (chart.x.categories.isEmpty ? 12 : 4)).map { (chart.x.text(of: $0), $0) }
      : chart.rulers.map { ($0.axis.label, $0.x) }
    let share = chart.rulers.isEmpty && chart.x.categories.isEmpty ? 10 : max(3, columns / max(places.count, 1) - 1)
    var line = Array(repeating: Character(" "), count: columns)
    var free = 0
    for (name, value) in places {
      let text = Array(name.onOneLine(atMost: share))
      let centre = Int((chart.x.position(of: value) * Double(columns - 1)).rounded())
      let start = min(max(centre - text.count / 2, 0), columns - text.count)
      guard start >= free else { continue }
      line.replaceSubrange(start..<start + text.count, with: text)
      free = start + text.count + 1
    }
    lines.append(String(line))
    if !chart.x.label.isEmpty {
      let label = chart.x.label.onOneLine(atMost: columns)
      lines.append(String(repeating: " ", count: (columns - label.count) / 2) + label)
    }
    return lines
  }

  private func legend(_ chart: Chart) -> [String] {
    var entries = chart.legend.map { entry in
      coloured(String(entry.fill ?? entry.glyph?.character ?? "─"), entry.colour) + " " + entry.text
    }
    if let scale = chart.colourScale, isColoured || chart.hasCells {
      let ends = scale.isDarkLow ? (scale.axis.low, scale.axis.high) : (scale.axis.high, scale.axis.low)
      let steps = (0..<8).map { step in
        let position = Double(step) / 7
        return coloured(
          String(chart.hasCells && !isColoured ? Self.shade(position) : "█"), ColourScale.colour(at: position))
      }
      entries.append(
        "\(scale.axis.label) \(NumberText.tick(ends.0)) \(steps.joined()) \(NumberText.tick(ends.1))")
    }
    return entries.isEmpty ? [] : [entries.joined(separator: "   ")]
  }

  private func coloured(_ text: String, _ colour: Colour) -> String {
    isColoured ? "\u{1B}[38;5;\(colour.terminalCode)m\(text)\u{1B}[0m" : text
  }

  private func padded(_ text: String, _ width: Int) -> String {
    let text = text.onOneLine(atMost: width)
    return String(repeating: " ", count: width - text.count) + text
  }

  // MARK: Layers

  private func draw(_ layer: Chart.Layer, of chart: Chart, on canvas: inout TextCanvas) {
    switch layer {
    case .marks(let marks):
      for mark in marks {
        canvas.put(mark.glyph.character, column(chart.x, mark.x, canvas), row(chart.y, mark.y, canvas), mark.colour)
      }
    case .lines(let lines):
      for (rank, line) in lines.enumerated() where isColoured || !line.isFaint {
        for (a, b) in zip(line.points, line.points.dropFirst())
        where a.x.isFinite && a.y.isFinite && b.x.isFinite && b.y.isFinite {
          canvas.line(
            from: (chart.x.position(of: a.x), chart.y.position(of: a.y)),
            to: (chart.x.position(of: b.x), chart.y.position(of: b.y)), line.colour, rank: rank)
        }
      }
    case .bands: break
    case .bars(let bars):
      for bar in bars {
        let (from, to) = (column(chart.x, bar.from, canvas), column(chart.x, bar.to, canvas))
        for column in min(from, to)...max(from, to) where bar.to != bar.from || bar.fill != "█" {
          canvas.put(bar.fill, column, canvas.rows - 1 - Int(bar.y.rounded()), bar.colour)
        }
      }
    case .cells(let cells):
      guard let scale = chart.colourScale else { return }
      for row in 0..<canvas.rows {
        for column in 0..<canvas.columns {
          let x = chart.x.value(at: Double(column) / Double(max(canvas.columns - 1, 1)))
          let y = chart.y.value(at: Double(canvas.rows - 1 - row) / Double(max(canvas.rows - 1, 1)))
          guard let cell = cells.first(where: { $0.x.contains(x) && $0.y.contains(y) }) else { continue }
          let distance = scale.distance(of: cell.value)
          canvas.put(isColoured ? "█" : Self.shade(distance), column, row, ColourScale.colour(at: distance))
        }
      }
    }
  }

  private func column(_ axis: Axis, _ value: Double, _ canvas: TextCanvas) -> Int {
    Int((axis.position(of: value) * Double(canvas.columns - 1)).rounded())
  }

  private func row(_ axis: Axis, _ value: Double, _ canvas: TextCanvas) -> Int {
    canvas.rows - 1 - Int((axis.position(of: value) * Double(canvas.rows - 1)).rounded())
  }

  /// A character that is as dark as a colour of the scale.
  private static func shade(_ distance: Double) -> Character {
    ["▓", "▒", "░", "·", " "][min(max(Int(distance * 5), 0), 4)]
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var text = self
    while text.last == character { text.removeLast() }
    return text
  }
}
