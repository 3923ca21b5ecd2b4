import TuningModel

/// The history of one or several studies for a terminal: a table, and the best so far drawn in characters.
struct HistoryText {
  var histories: [StudyHistory]
  var columns = 72
  var rows = 14

  private static let marks: [Character] = ["●", "○", "▲", "△", "■", "□"]

  /// The text, lines ended.
  func text() -> String { chart() + "\n" + table() }

  private func chart() -> String {
    let axis = HistoryChart(histories: histories).valueAxis
    let last = max(histories.flatMap { $0.points.map(\.number) }.max() ?? 1, 2)
    var grid = Array(repeating: Array(repeating: Character(" "), count: columns), count: rows)
    // The first study is drawn last, on top.
    for (index, history) in histories.enumerated().reversed() {
      let steps = history.improvements
      for column in 0..<columns {
        let number = 1 + Int((Double(column) * Double(last - 1) / Double(columns - 1)).rounded(.down))
        guard number <= history.points.last?.number ?? 0, let best = steps.last(where: { $0.number <= number }) else {
          continue
        }
        let row = rows - 1 - Int((axis.position(of: best.value) * Double(rows - 1)).rounded())
        grid[row][column] = Self.marks[index % Self.marks.count]
      }
    }
    let labels = [0: NumberText.short(axis.high), rows - 1: NumberText.short(axis.low)]
    var lines = grid.enumerated().map { row, characters in
      pad(labels[row] ?? "", 10, left: true) + " │" + String(characters)
    }
    lines.append(pad("", 10) + " └" + String(repeating: "─", count: columns))
    lines.append(pad("", 12) + "1" + pad("trial \(last)", columns - 1, left: true))
    return lines.joined(separator: "\n") + "\n"
  }

  private func table() -> String {
    let metric = histories.first?.objective.metric ?? "value"
    var table = Table(["", "best \(metric) so far", "trials", "default", "best", "in trial"])
    for (index, history) in histories.enumerated() {
      table.add([
        String(Self.marks[index % Self.marks.count]), history.name, "\(history.points.count)",
        value(history.reference, history), value(history.best, history), history.best.map { "\($0.number)" } ?? "–",
      ])
    }
    var lines = [table.text]
    for history in histories {
      guard let best = history.best else { continue }
      var table = Table(["best of \(history.name)", ""])
      for (name, value) in (best.measurement?.metrics ?? [:]).sorted(by: { $0.key < $1.key }) {
        table.add([name, NumberText.short(value)])
      }
      for (name, value) in best.parameters.sorted(by: { $0.key < $1.key }) { table.add([name, value.description]) }
      lines.append(table.text)
    }
    return lines.joined(separator: "\n")
  }

  private func value(_ trial: Trial?, _ history: StudyHistory) -> String {
    trial.flatMap(history.value(of:)).map(NumberText.short) ?? "–"
  }

  private func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return left ? space + text : text + space
  }
}
