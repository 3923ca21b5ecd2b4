import TuningModel

/// A report on one or several studies as one HTML file that loads nothing from anywhere.
struct HistoryPage {
  var histories: [StudyHistory]

  /// The page.
  func html() -> String {
    let title = histories.map(\.name).joined(separator: ", ")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(title)) · Hone</title>
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 900px; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; margin: 1rem 0; }
      th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #e5e5e5; }
      td.number { text-align: right; font-variant-numeric: tabular-nums; }
      </style>
      </head>
      <body>
      <h1>\(escaped(title))</h1>
      \(HistoryChart(histories: histories).svg())
      <p>A dot is a trial, a line the best so far, × a trial that ended without a value. Values far on the bad side stand
      at the edge.</p>
      \(comparison)
      \(histories.map(bestParameters).joined(separator: "\n"))
      </body>
      </html>

      """
  }

  private var comparison: String {
    let rows = histories.map { history in
      """
      <tr><td>\(escaped(history.name))</td><td class="number">\(history.points.count)</td>\
      <td class="number">\(cell(history.reference, history))</td><td class="number">\(cell(history.best, history))</td>\
      <td class="number">\(history.best.map { "\($0.number)" } ?? "–")</td></tr>
      """
    }
    return """
      <table>
      <tr><th>study</th><th>measured trials</th><th>default</th><th>best</th><th>best trial</th></tr>
      \(rows.joined(separator: "\n"))
      </table>
      """
  }

  private func bestParameters(_ history: StudyHistory) -> String {
    guard let best = history.best else { return "" }
    let metrics = (best.measurement?.metrics ?? [:]).sorted { $0.key < $1.key }.map { name, value in
      let reference = history.reference?.measurement?.metrics[name].map(NumberText.short) ?? "–"
      return """
        <tr><td>\(escaped(name))</td><td class="number">\(reference)</td>\
        <td class="number">\(NumberText.short(value))</td></tr>
        """
    }
    let rows = best.parameters.sorted { $0.key < $1.key }.map { name, value in
      let reference = history.reference?.parameters[name].map(\.description) ?? "–"
      return """
        <tr><td>\(escaped(name))</td><td class="number">\(escaped(reference))</td>\
        <td class="number">\(escaped(value.description))</td></tr>
        """
    }
    return """
      <h2>\(escaped(history.name)), trial \(best.number)</h2>
      <table>
      <tr><th></th><th>default</th><th>best</th></tr>
      \((metrics + rows).joined(separator: "\n"))
      </table>
      """
  }

  private func cell(_ trial: Trial?, _ history: StudyHistory) -> String {
    trial.flatMap(history.value(of:)).map(NumberText.short) ?? "–"
  }
}
