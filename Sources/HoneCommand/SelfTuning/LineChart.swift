import Foundation

/// Lines over the steps of a training, as a picture that needs nothing else.
struct LineChart {
  /// One line, with a band around it where there is one.
  struct Line {
    var name: String
    var colour: String
    var points: [(x: Double, y: Double)]
    /// The lower and the upper edge at each point.
    var band: [(low: Double, high: Double)] = []
  }

  /// What the vertical axis shows.
  var label: String
  var lines: [Line]
  /// A step that a line across marks.
  var mark: Double?
  var height = 260.0
  /// Whether equal ratios are equally far apart; where left out, the values decide.
  var isLogarithmic: Bool?

  private let width = 860.0
  private let margin = (left: 74.0, right: 20.0, top: 26.0, bottom: 40.0)
  /// More points than these are thinned out; nobody could tell them apart.
  private static let mostPoints = 1_200

  /// The picture.
  func svg() -> String {
    let x = Axis(covering: [0] + lines.flatMap { $0.points.map(\.x) })
    var y = Axis(covering: lines.flatMap { $0.points.map(\.y) + $0.band.flatMap { [$0.low, $0.high] } })
    if let isLogarithmic { y.isLogarithmic = isLogarithmic && y.low > 0 }
    func px(_ value: Double) -> String {
      number(margin.left + x.position(of: value) * (width - margin.left - margin.right))
    }
    func py(_ value: Double) -> String {
      number(height - margin.bottom - y.position(of: value) * (height - margin.top - margin.bottom))
    }
    var parts = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" role="img" \
      aria-label="\(Self.escaped(label))" font-family="system-ui, sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="#ffffff"/>
      """
    ]
    for tick in y.ticks(5) {
      parts.append(
        """
        <line x1="\(margin.left)" x2="\(width - margin.right)" y1="\(py(tick))" y2="\(py(tick))" stroke="#e5e5e5"/>
        <text x="\(margin.left - 8)" y="\(py(tick))" dy="0.35em" text-anchor="end" fill="#444">\
        \(NumberText.short(tick))</text>
        """)
    }
    for tick in x.ticks(8) {
      parts.append(
        """
        <text x="\(px(tick))" y="\(height - margin.bottom + 18)" text-anchor="middle" fill="#444">\
        \(NumberText.short(tick))</text>
        """)
    }
    parts.append(
      """
      <text x="\(width / 2)" y="\(height - 6)" text-anchor="middle" fill="#222">step</text>
      <text transform="translate(16 \(height / 2)) rotate(-90)" text-anchor="middle" fill="#222">\
      \(Self.escaped(label))</text>
      """)
    if let mark {
      parts.append(
        """
        <line x1="\(px(mark))" x2="\(px(mark))" y1="\(margin.top)" y2="\(height - margin.bottom)" stroke="#888" \
        stroke-dasharray="4 3"/>
        """)
    }
    for (index, line) in lines.enumerated() {
      let chosen = Self.thinned(line.points.count)
      if line.band.count == line.points.count, !line.band.isEmpty {
        let edge =
          chosen.map { "\(px(line.points[$0].x)),\(py(line.band[$0].high))" }
          + chosen.reversed().map { "\(px(line.points[$0].x)),\(py(line.band[$0].low))" }
        parts.append(
          #"<polygon points="\#(edge.joined(separator: " "))" fill="\#(line.colour)" fill-opacity="0.18"/>"#)
      }
      let path = chosen.map { line.points[$0] }.filter(\.y.isFinite).map { "\(px($0.x)),\(py($0.y))" }
      parts.append(
        """
        <polyline points="\(path.joined(separator: " "))" fill="none" stroke="\(line.colour)" stroke-width="1.6"/>
        """)
      if lines.count > 1 {
        let left = margin.left + 10 + Double(index) * 130
        parts.append(
          """
          <line x1="\(left)" x2="\(left + 22)" y1="14" y2="14" stroke="\(line.colour)" stroke-width="2"/>
          <text x="\(left + 28)" y="18" fill="#222">\(Self.escaped(line.name))</text>
          """)
      }
    }
    parts.append("</svg>")
    return parts.joined(separator: "\n")
  }

  /// The indices of so many points that are drawn, first and last among them.
  private static func thinned(_ count: Int) -> [Int] {
    if count <= mostPoints { return Array(0..<count) }
    return (0..<mostPoints).map { $0 * (count - 1) / (mostPoints - 1) }
  }

  private func number(_ coordinate: Double) -> String { String(format: "%.1f", coordinate) }

  /// Text as it may stand in HTML and SVG.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
