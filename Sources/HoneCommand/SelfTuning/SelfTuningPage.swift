import BestResponse
import Bilevel

/// A report on a network that tuned itself as one HTML file that loads nothing from anywhere.
struct SelfTuningPage {
  var report: SelfTuningReport
  var title: String

  /// Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008).
  private static let (blue, orange, green) = ("#0072B2", "#D55E00", "#009E73")

  /// The page.
  func html() -> String {
    let charts = [lossChart] + hyperparameterCharts
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(LineChart.escaped(title)) · Hone</title>
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 900px; margin: 2rem auto; padding: 0 1rem; }
      h2 { font-size: 1.1rem; margin: 1.6rem 0 0; }
      table { border-collapse: collapse; margin: 1rem 0; }
      th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #e5e5e5; }
      td + td, th + th { text-align: right; font-variant-numeric: tabular-nums; }
      </style>
      </head>
      <body>
      <h1>\(LineChart.escaped(title))</h1>
      <p>\(LineChart.escaped(report.method.rawValue)), \(report.watched.run.state.step) steps of the weights;
      \(report.examples.training.count) rows train, \(report.examples.validation.count) validate,
      \(report.examples.test.count) test. The dashed line is where the validation loss was least.</p>
      \(charts.map { "<h2>\(LineChart.escaped($0.label))</h2>\n\($0.svg())" }.joined(separator: "\n"))
      <p>The training loss is that of batches, with all that regularises it. A band is where nine of ten perturbations lie with which the response is learned. The test rows decide nothing.</p>
      \(table(["", "start", "best", "last", "deviation"], report.valueRows))
      \(table(SelfTuningReport.scoreHeader, report.scoreRows))
      </body>
      </html>

      """
  }

  private func table(_ header: [String], _ rows: [[String]]) -> String {
    if rows.isEmpty { return "" }
    let body = rows.map { row in
      "<tr>" + row.map { "<td>\(LineChart.escaped($0))</td>" }.joined() + "</tr>"
    }
    return """
      <table>
      <tr>\(header.map { "<th>\(LineChart.escaped($0))</th>" }.joined())</tr>
      \(body.joined(separator: "\n"))
      </table>
      """
  }

  private var lossChart: LineChart {
    let entries = report.watched.run.state.schedule.entries.filter { !$0.isValidation }
    // Single batches jump about; a hundred groups show the course.
    let size = max(1, entries.count / 100)
    let training = stride(from: 0, to: entries.count, by: size).map { first in
      let group = entries[first..<min(first + size, entries.count)]
      return (
        x: Double(group[group.endIndex - 1].step), y: group.reduce(0) { $0 + $1.loss } / Double(group.count)
      )
    }
    return LineChart(
      label: "loss",
      lines: [
        LineChart.Line(name: "training", colour: Self.orange, points: training),
        LineChart.Line(
          name: "validation", colour: Self.blue,
          points: report.watched.moments.map { (x: Double($0.step), y: $0.validation.loss) }),
      ], mark: Double(report.watched.best.step), height: 320)
  }

  private func isLogarithmic(_ hyperparameter: TunedHyperparameter) -> Bool {
    switch hyperparameter.transformation {
    case .identity, .interval, .whole: false
    case .exponential, .logInterval: true
    }
  }

  private var hyperparameterCharts: [LineChart] {
    let entries = report.watched.run.state.schedule.entries.filter { !$0.isValidation }
    return report.watched.run.settings.hyperparameters.enumerated().map { k, hyperparameter in
      let points = entries.map { (x: Double($0.step), y: $0.values[k]) }
      let band = entries.map { entry -> (low: Double, high: Double) in
        let (lambda, width) = (hyperparameter.coordinate(of: entry.values[k]), 1.645 * entry.deviations[k])
        return (hyperparameter.value(at: lambda - width), hyperparameter.value(at: lambda + width))
      }
      return LineChart(
        label: hyperparameter.name,
        lines: [
          LineChart.Line(
            name: hyperparameter.name, colour: Self.green, points: points,
            band: report.method == .fixed ? [] : band)
        ], mark: Double(report.watched.best.step), height: 220, isLogarithmic: isLogarithmic(hyperparameter))
    }
  }
}
