import Foundation
import TuningModel

/// The history of one or several studies as a picture: every trial a dot, the best so far a line.
struct HistoryChart {
  var histories: [StudyHistory]

  private let width = 860.0
  private let height = 420.0
  private let margin = (left: 70.0, right: 20.0, top: 20.0, bottom: 50.0)

  /// Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008).
  static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]

  /// The vertical range: all best-so-far values and nine tenths of the others on their bad side.
  ///
  /// A few bad trials would otherwise press the interesting part together; they stand at the edge.
  var valueAxis: Axis {
    let improvements = histories.flatMap { $0.improvements.map(\.value) }
    let sorted = histories.flatMap { history in history.points.map { ($0.value, history.objective.cost(of: $0.value)) }
    }
    .filter { $0.0.isFinite }.sorted { $0.1 < $1.1 }.map(\.0)
    return Axis(covering: improvements + sorted.prefix(Int((Double(sorted.count) * 0.9).rounded(.up))))
  }

  private var numberAxis: Axis {
    let last = histories.flatMap { $0.points.map(\.number) + $0.unmeasured }.max() ?? 1
    var axis = Axis(covering: [1, Double(max(last, 2))])
    axis.isLogarithmic = false
    return axis
  }

  /// The picture as SVG that needs nothing else.
  func svg() -> String {
    let (x, y) = (numberAxis, valueAxis)
    func px(_ number: Int) -> Double {
      margin.left + x.position(of: Double(number)) * (width - margin.left - margin.right)
    }
    func py(_ value: Double) -> Double {
      height - margin.bottom - y.position(of: value) * (height - margin.top - margin.bottom)
    }
    var parts = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" role="img" \
      font-family="system-ui, sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="#ffffff"/>
      """
    ]
    for tick in y.ticks(6) {
      let at = text(py(tick))
      parts.append(
        """
        <line x1="\(margin.left)" x2="\(width - margin.right)" y1="\(at)" y2="\(at)" stroke="#e5e5e5"/>
        <text x="\(margin.left - 8)" y="\(at)" dy="0.35em" text-anchor="end" fill="#444">\(NumberText.short(tick))</text>
        """)
    }
    for tick in x.ticks(10) where tick == tick.rounded() {
      parts.append(
        """
        <text x="\(text(px(Int(tick))))" y="\(height - margin.bottom + 18)" text-anchor="middle" fill="#444">\
        \(Int(tick))</text>
        """)
    }
    let metric = histories.first?.objective.metric ?? ""
    parts.append(
      """
      <text x="\(width / 2)" y="\(height - 10)" text-anchor="middle" fill="#222">trial</text>
      <text transform="translate(16 \(height / 2)) rotate(-90)" text-anchor="middle" fill="#222">\(escaped(metric))</text>
      """)
    for (index, history) in histories.enumerated() {
      parts.append(series(history, Self.colours[index % Self.colours.count], row: index, px, py))
    }
    parts.append("</svg>")
    return parts.joined(separator: "\n")
  }

  private func series(
    _ history: StudyHistory, _ colour: String, row: Int, _ px: (Int) -> Double, _ py: (Double) -> Double
  ) -> String {
    var parts: [String] = []
    for point in history.points where !point.value.isNaN {
      parts.append(
        """
        <circle cx="\(text(px(point.number)))" cy="\(text(py(point.value)))" r="3" fill="\(colour)" \
        fill-opacity="\(point.isEligible ? 0.45 : 0.15)"><title>\(escaped(history.name)) trial \(point.number): \
        \(NumberText.short(point.value))</title></circle>
        """)
    }
    for number in history.unmeasured {
      parts.append(
        """
        <text x="\(text(px(number)))" y="\(height - margin.bottom - 3)" text-anchor="middle" fill="\(colour)">×\
        <title>\(escaped(history.name)) trial \(number): no value</title></text>
        """)
    }
    var path = ""
    for point in history.improvements {
      path += path.isEmpty ? "M" : "H\(text(px(point.number)))V"
      path += path == "M" ? "\(text(px(point.number))) \(text(py(point.value)))" : text(py(point.value))
    }
    if let last = history.points.last { path += path.isEmpty ? "" : "H\(text(px(last.number)))" }
    parts.append(#"<path d="\#(path)" fill="none" stroke="\#(colour)" stroke-width="2"/>"#)
    let top = margin.top + 14 + Double(row) * 18
    parts.append(
      """
      <line x1="\(width - 200)" x2="\(width - 176)" y1="\(top - 4)" y2="\(top - 4)" stroke="\(colour)" stroke-width="2"/>
      <text x="\(width - 170)" y="\(top)" fill="#222">\(escaped(history.name))</text>
      """)
    return parts.joined(separator: "\n")
  }

  private func text(_ coordinate: Double) -> String { String(format: "%.1f", coordinate) }
}

/// Text as it may stand in HTML and SVG.
func escaped(_ text: String) -> String {
  text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
}
