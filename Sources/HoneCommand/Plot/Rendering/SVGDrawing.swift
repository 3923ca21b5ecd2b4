import Foundation

/// Draws figures as SVG that needs nothing else.
package struct SVGDrawing {
  /// The widest drawing.
  private static let fullWidth = 980.0
  private static let fontSize = 12.0
  private static let gap = 16.0

  /// The figure's charts as one picture.
  package static func svg(_ figure: Figure) -> String {
    var parts: [String] = []
    var (x, y, rowHeight, width) = (0.0, 0.0, 0.0, 0.0)
    for chart in figure.charts {
      if x > 0, x + chart.width > fullWidth {
        (x, y, rowHeight) = (0, y + rowHeight + gap, 0)
      }
      parts.append("<g transform=\"translate(\(text(x)) \(text(y)))\">\n\(ChartDrawing(chart).svg())\n</g>")
      x += chart.width + gap
      rowHeight = max(rowHeight, chart.height)
      width = max(width, x - gap)
    }
    let (w, h) = (text(width), text(y + rowHeight))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(w) \(h)" width="\(w)" height="\(h)" role="img" \
      font-family="system-ui, sans-serif" font-size="\(text(fontSize))">
      <title>\(escaped(figure.title))</title>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(parts.joined(separator: "\n"))
      </svg>
      """
  }

  static func text(_ coordinate: Double) -> String {
    let text = String(format: "%.1f", coordinate)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// About how wide a text is.
  static func width(of text: String, size: Double = fontSize) -> Double { Double(text.count) * size * 0.6 }
}

/// Draws one chart.
struct ChartDrawing {
  private let chart: Chart
  private let legendRows: [[Chart.LegendEntry]]
  private let left, right, top, bottom: Double
  /// The names of the x axis' ticks are too long to stand side by side.
  private let isTilted: Bool
  private let xTicks: [Double]
  /// What sets marks off against other marks, or against a coloured ground.
  private let outline: String
  private let yTicks: [Double]

  private static let legendRowHeight = 18.0
  /// Points at the ends of an axis stay clear of the frame.
  private static let inset = 7.0
  private static let colourBarWidth = 86.0

  init(_ chart: Chart) {
    self.chart = chart
    outline = chart.hasCells ? ##"stroke="#222" stroke-width="0.9""## : ##"stroke="#fff" stroke-width="0.6""##
    let isWide = chart.width > 500
    let yTicks =
      chart.rulers.isEmpty ? chart.y.ticks(chart.y.categories.isEmpty ? Int(chart.height / 60) : 1_000) : []
    let names = yTicks.map { SVGDrawing.width(of: Self.cut(chart.y.text(of: $0), chart)) }
    let left = (names.max() ?? 20) + (chart.y.label.isEmpty ? 16 : 36)
    let right =
      (chart.colourScale == nil ? 14 : Self.colourBarWidth) + (chart.rulers.isEmpty ? 0 : 40) + Self.noteWidth(chart)
    let room = chart.width - left - right
    let ticks = chart.x.ticks(chart.x.categories.isEmpty ? max(2, Int(room / (isWide ? 80 : 62))) : Int(room / 14))
    let widest = ticks.map { SVGDrawing.width(of: Self.cut(chart.x.text(of: $0), chart)) }.max() ?? 0
    isTilted = !chart.x.categories.isEmpty && chart.rulers.isEmpty && widest + 8 > room / Double(max(ticks.count, 1))
    legendRows = Self.rows(chart.legend, room)
    (self.left, self.right, self.yTicks, xTicks) = (left, right, yTicks, ticks)
    top =
      10 + (chart.title.isEmpty ? 0 : 20) + Double(legendRows.count) * Self.legendRowHeight
      + (chart.rulers.isEmpty ? 0 : 30)
    bottom = 24 + (isTilted ? widest * 0.53 : 0) + (chart.x.label.isEmpty ? 0 : 20)
  }

  /// What stands behind the ends of bars needs room.
  private static func noteWidth(_ chart: Chart) -> Double {
    chart.layers.reduce(0) { width, layer in
      guard case .bars(let bars) = layer else { return width }
      return max(width, bars.map { SVGDrawing.width(of: $0.note) }.max() ?? 0)
    }
  }

  private func cut(_ name: String) -> String { Self.cut(name, chart) }
  private static func cut(_ name: String, _ chart: Chart) -> String {
    name.onOneLine(atMost: chart.width > 500 ? 24 : 13)
  }

  private static func rows(_ legend: [Chart.LegendEntry], _ room: Double) -> [[Chart.LegendEntry]] {
    var rows: [[Chart.LegendEntry]] = []
    var used = Double.infinity
    for entry in legend {
      let width = entryWidth(entry)
      if used + width > room {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(entry)
      used += width
    }
    return rows
  }

  private static func entryWidth(_ entry: Chart.LegendEntry) -> Double {
    34 + SVGDrawing.width(of: entry.text.onOneLine(atMost: 48)) + 14
  }

  // MARK: Places

  private var plotWidth: Double { chart.width - left - right }
  private var plotHeight: Double { chart.height - top - bottom }
  private func px(_ value: Double) -> Double {
    left + Self.inset + chart.x.position(of: value) * (plotWidth - 2 * Self.inset)
  }
  private func py(_ value: Double) -> Double {
    chart.height - bottom - Self.inset - chart.y.position(of: value) * (plotHeight - 2 * Self.inset)
  }
  private func text(_ coordinate: Double) -> String { SVGDrawing.text(coordinate) }

  // MARK: Parts

  func svg() -> String {
    var parts: [String] = []
    if !chart.title.isEmpty {
      parts.append(
        """
        <text x="\(text(left + plotWidth / 2))" y="18" text-anchor="middle" font-weight="600" fill="#222">\
        \(escaped(chart.title.onOneLine(atMost: Int(chart.width / 8))))</text>
        """)
    }
    parts.append(legend())
    if chart.rulers.isEmpty { parts += frame() }
    parts += chart.layers.map(layer) + chart.rulers.map(ruler)
    if let scale = chart.colourScale { parts.append(colourBar(scale)) }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func frame() -> [String] {
    var parts: [String] = []
    let (right, base) = (left + plotWidth, chart.height - bottom)
    for tick in yTicks {
      let at = text(py(tick))
      parts.append(
        """
        <line x1="\(text(left))" x2="\(text(right))" y1="\(at)" y2="\(at)" stroke="#e8e8e8"/>
        <text x="\(text(left - 8))" y="\(at)" dy="0.35em" text-anchor="end" fill="#444">\
        \(escaped(cut(chart.y.text(of: tick))))</text>
        """)
    }
    parts.append(
      ##"<line x1="\##(text(left))" x2="\##(text(right))" y1="\##(text(base))" y2="\##(text(base))" stroke="#888"/>"##)
    for tick in xTicks {
      let (at, name) = (px(tick), escaped(cut(chart.x.text(of: tick))))
      let place =
        isTilted
        ? ##"transform="translate(\##(text(at + 4)) \##(text(base + 14))) rotate(-32)" text-anchor="end""##
        : ##"x="\##(text(at))" y="\##(text(base + 17))" text-anchor="middle""##
      parts.append(
        """
        <line x1="\(text(at))" x2="\(text(at))" y1="\(text(base))" y2="\(text(base + 4))" stroke="#888"/>
        <text \(place) fill="#444">\(name)</text>
        """)
    }
    if !chart.x.label.isEmpty {
      parts.append(
        """
        <text x="\(text(left + plotWidth / 2))" y="\(text(chart.height - 6))" text-anchor="middle" fill="#222">\
        \(escaped(chart.x.label.onOneLine(atMost: Int(plotWidth / 7))))</text>
        """)
    }
    if !chart.y.label.isEmpty {
      parts.append(
        """
        <text transform="translate(14 \(text(top + plotHeight / 2))) rotate(-90)" text-anchor="middle" fill="#222">\
        \(escaped(chart.y.label.onOneLine(atMost: Int(plotHeight / 7))))</text>
        """)
    }
    return parts
  }

  private func ruler(_ ruler: Chart.Ruler) -> String {
    let at = px(ruler.x)
    var parts = [
      ##"<line x1="\##(text(at))" x2="\##(text(at))" y1="\##(text(py(0)))" y2="\##(text(py(1)))" stroke="#666"/>"##
    ]
    // Names stand on two lines in turn, as they may be longer than the rulers are apart.
    let spacing = chart.rulers.count > 1 ? (px(chart.rulers[1].x) - px(chart.rulers[0].x)) : plotWidth
    let isLower = Int(ruler.x) % 2 == 1
    let length = max(6, Int(spacing * 2 / 7.4) - 1)
    parts.append(
      """
      <text x="\(text(at))" y="\(text(top - (isLower ? 4 : 20)))" text-anchor="middle" font-weight="600" fill="#222">\
      \(escaped(ruler.axis.label.onOneLine(atMost: length)))</text>
      """)
    for tick in ruler.axis.ticks(ruler.axis.categories.isEmpty ? 5 : 24) {
      let y = py(ruler.axis.position(of: tick))
      let name = ruler.axis.text(of: tick).onOneLine(atMost: max(4, Int((spacing - 14) / 7)))
      parts.append(
        """
        <line x1="\(text(at))" x2="\(text(at + 4))" y1="\(text(y))" y2="\(text(y))" stroke="#666"/>
        \(haloed("x=\"\(text(at + 6))\" y=\"\(text(y))\" dy=\"0.35em\"", name))
        """)
    }
    return parts.joined(separator: "\n")
  }

  /// Text that can be read on top of lines.
  private func haloed(_ place: String, _ name: String) -> String {
    ##"<text \##(place) stroke="#fff" stroke-width="3" stroke-opacity="0.85" fill="#fff">\##(escaped(name))</text>"##
      + ##"<text \##(place) fill="#222">\##(escaped(name))</text>"##
  }

  private func legend() -> String {
    var parts: [String] = []
    for (row, entries) in legendRows.enumerated() {
      let y = 16 + (chart.title.isEmpty ? 0 : 20) + Double(row) * Self.legendRowHeight
      var x = left
      for entry in entries {
        if let glyph = entry.glyph {
          parts.append(shape(glyph, x + 12, y - 4, entry.colour, 1, ""))
        } else {
          let width = entry.fill == nil ? 2.5 : 9
          parts.append(
            """
            <line x1="\(text(x))" x2="\(text(x + 24))" y1="\(text(y - 4))" y2="\(text(y - 4))" \
            stroke="\(entry.colour.hex)" stroke-width="\(text(width))"/>
            """)
        }
        parts.append(
          ##"<text x="\##(text(x + 30))" y="\##(text(y))" fill="#222">\##(escaped(entry.text.onOneLine(atMost: 48)))</text>"##
        )
        x += Self.entryWidth(entry)
      }
    }
    return parts.joined(separator: "\n")
  }

  private func colourBar(_ scale: ColourScale) -> String {
    let (x, width) = (chart.width - Self.colourBarWidth + 16, 12.0)
    let (topEnd, base) = (top + 22, chart.height - bottom)
    var parts: [String] = []
    let steps = 40
    for step in 0..<steps {
      let position = (Double(step) + 0.5) / Double(steps)
      let y = base - Double(step + 1) / Double(steps) * (base - topEnd)
      let colour = ColourScale.colour(at: scale.isDarkLow ? position : 1 - position)
      parts.append(
        """
        <rect x="\(text(x))" y="\(text(y))" width="\(text(width))" height="\(text((base - topEnd) / Double(steps) + 0.6))" \
        fill="\(colour.hex)"/>
        """)
    }
    for tick in scale.axis.ticks(5) {
      let y = base - scale.axis.position(of: tick) * (base - topEnd)
      parts.append(
        ##"<text x="\##(text(x + width + 5))" y="\##(text(y))" dy="0.35em" fill="#444">\##(escaped(scale.axis.text(of: tick)))</text>"##
      )
    }
    parts.append(
      """
      <text x="\(text(chart.width - 4))" y="\(text(topEnd - 10))" text-anchor="end" fill="#222">\
      \(escaped(scale.axis.label.onOneLine(atMost: 12)))</text>
      """)
    return parts.joined(separator: "\n")
  }

  // MARK: Layers

  private func layer(_ layer: Chart.Layer) -> String {
    switch layer {
    case .marks(let marks):
      marks.map { shape($0.glyph, px($0.x), py($0.y), $0.colour, $0.opacity, $0.title) }.joined(separator: "\n")
    case .bands(let bands): bands.map(band).joined(separator: "\n")
    case .lines(let lines): lines.map(line).joined(separator: "\n")
    case .bars(let bars): bars.map(bar).joined(separator: "\n")
    case .cells(let cells): cells.map(cell).joined(separator: "\n")
    }
  }

  private func shape(
    _ glyph: Chart.Glyph, _ x: Double, _ y: Double, _ colour: Colour, _ opacity: Double, _ title: String
  ) -> String {
    func at(_ dx: Double, _ dy: Double) -> String { "\(text(x + dx)) \(text(y + dy))" }
    let hint = title.isEmpty ? "" : "<title>\(escaped(title))</title>"
    let fill = ##"fill="\##(colour.hex)" fill-opacity="\##(opacity)" \##(outline)"##
    let stroke = ##"fill="none" stroke="\##(colour.hex)" stroke-opacity="\##(opacity)" stroke-width="1.8""##
    switch glyph {
    case .disc: return ##"<circle cx="\##(text(x))" cy="\##(text(y))" r="3.6" \##(fill)>\##(hint)</circle>"##
    case .ring: return ##"<circle cx="\##(text(x))" cy="\##(text(y))" r="3.4" \##(stroke)>\##(hint)</circle>"##
    case .triangle:
      return ##"<path d="M\##(at(0, -4.6))L\##(at(4.4, 3.4))L\##(at(-4.4, 3.4))Z" \##(fill)>\##(hint)</path>"##
    case .square:
      return
        ##"<rect x="\##(text(x - 3.3))" y="\##(text(y - 3.3))" width="6.6" height="6.6" \##(fill)>\##(hint)</rect>"##
    case .diamond:
      return
        ##"<path d="M\##(at(0, -4.8))L\##(at(4.4, 0))L\##(at(0, 4.8))L\##(at(-4.4, 0))Z" \##(fill)>\##(hint)</path>"##
    case .cross:
      return
        ##"<path d="M\##(at(-3.4, -3.4))L\##(at(3.4, 3.4))M\##(at(-3.4, 3.4))L\##(at(3.4, -3.4))" \##(stroke)>\##(hint)</path>"##
    case .star:
      let points = (0..<10).map { corner in
        let (radius, angle) = (corner % 2 == 0 ? 8.5 : 3.6, Double(corner) * .pi / 5)
        return at(radius * sin(angle), -radius * cos(angle))
      }
      return """
        <path d="M\(points.joined(separator: "L"))Z" fill="\(colour.hex)" stroke="#fff" stroke-width="1.2">\(hint)</path>
        """
    }
  }

  private func line(_ line: Chart.Line) -> String {
    var path = ""
    var isOpen = false
    for point in line.points {
      guard point.x.isFinite, point.y.isFinite else {
        isOpen = false
        continue
      }
      path += (isOpen ? "L" : "M") + "\(text(px(point.x))) \(text(py(point.y)))"
      isOpen = true
    }
    if path.isEmpty { return "" }
    let hint = line.title.isEmpty ? "" : "<title>\(escaped(line.title))</title>"
    return """
      <path d="\(path)" fill="none" stroke="\(line.colour.hex)" stroke-width="\(text(line.width))" \
      stroke-opacity="\(line.opacity)" stroke-linejoin="round"\(line.isDashed ? #" stroke-dasharray="4 3""# : "")>\(hint)</path>
      """
  }

  private func band(_ band: Chart.Band) -> String {
    let edge =
      band.points.map { "\(text(px($0.x))) \(text(py($0.high)))" }
      + band.points.reversed().map { "\(text(px($0.x))) \(text(py($0.low)))" }
    if edge.isEmpty { return "" }
    return ##"<path d="M\##(edge.joined(separator: "L"))Z" fill="\##(band.colour.hex)" fill-opacity="0.18"/>"##
  }

  private func bar(_ bar: Chart.Bar) -> String {
    let room = (py(0) - py(1)) * bar.thickness
    let (from, to, y) = (px(bar.from), px(bar.to), py(bar.y))
    var parts = [
      """
      <rect x="\(text(min(from, to)))" y="\(text(y - room / 2))" width="\(text(max(abs(to - from), 1)))" \
      height="\(text(room))" fill="\(bar.colour.hex)" fill-opacity="\(bar.opacity)"><title>\(escaped(bar.title))</title></rect>
      """
    ]
    if let error = bar.error {
      let (low, high, cap) = (text(px(error.lowerBound)), text(px(error.upperBound)), min(4, room / 3))
      parts.append(
        """
        <path d="M\(low) \(text(y))H\(high)M\(low) \(text(y - cap))V\(text(y + cap))M\(high) \(text(y - cap))\
        V\(text(y + cap))" stroke="#222" fill="none"/>
        """)
    }
    if !bar.note.isEmpty {
      let end = max(to, bar.noteAfter.map(px) ?? to, bar.error.map { px($0.upperBound) } ?? to)
      parts.append(
        ##"<text x="\##(text(end + 6))" y="\##(text(y))" dy="0.35em" fill="#444">\##(escaped(bar.note))</text>"##)
    }
    return parts.joined(separator: "\n")
  }

  private func cell(_ cell: Chart.Cell) -> String {
    let (x1, x2) = (px(cell.x.lowerBound), px(cell.x.upperBound))
    let (y1, y2) = (py(cell.y.upperBound), py(cell.y.lowerBound))
    // Half a pixel more on each side, so that no seams show.
    return """
      <rect x="\(text(x1 - 0.3))" y="\(text(y1 - 0.3))" width="\(text(x2 - x1 + 0.6))" height="\(text(y2 - y1 + 0.6))" \
      fill="\(chart.colourScale?.colour(of: cell.value).hex ?? "#ccc")"><title>\(escaped(cell.title))</title></rect>
      """
  }
}

/// Text as it may stand in HTML and SVG.
func escaped(_ text: String) -> String {
  let clean = String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { $0.properties.generalCategory == .control && $0 != "\n" ? " " : $0 }))
  return clean.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    .replacing("\"", with: "&quot;")
}
