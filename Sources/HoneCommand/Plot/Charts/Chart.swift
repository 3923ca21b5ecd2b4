/// A picture in terms of what it shows: axes and what stands between them.
///
/// Each form (SVG, terminal) draws the same chart with its own means.
package struct Chart: Sendable {
  /// What stands above it; empty for nothing.
  package var title = ""
  /// The axes.
  package var x, y: Axis
  /// What is drawn, the later on top.
  package var layers: [Layer] = []
  /// What the colours mean.
  package var legend: [LegendEntry] = []
  /// What the colours of numbers mean.
  package var colourScale: ColourScale?
  /// Further vertical axes at values of the x axis, each with its own ticks; the y axis has none then.
  package var rulers: [Ruler] = []
  /// The size of the drawing in pixels, and of the terminal's in lines.
  package var width = 860.0, height = 420.0, lines = 14

  package init(x: Axis, y: Axis) { (self.x, self.y) = (x, y) }

  /// A shape at a point.
  package struct Mark: Sendable {
    package var x, y: Double
    package var glyph = Glyph.disc
    package var colour: Colour
    package var opacity = 0.8
    /// What it says when it is pointed at.
    package var title: String

    package init(
      x: Double, y: Double, glyph: Glyph = .disc, colour: Colour, opacity: Double = 0.8, title: String
    ) {
      (self.x, self.y, self.glyph, self.colour, self.opacity, self.title) = (x, y, glyph, colour, opacity, title)
    }
  }

  /// Points joined by lines; a value that is not finite interrupts them.
  package struct Line: Sendable {
    package var points: [(x: Double, y: Double)]
    package var colour: Colour
    package var width = 2.0
    package var opacity = 1.0
    /// Whether a terminal without colours leaves it out, so that what matters can be seen.
    package var isFaint = false
    package var isDashed = false
    package var title = ""

    package init(
      points: [(x: Double, y: Double)], colour: Colour, width: Double = 2, opacity: Double = 1, isFaint: Bool = false,
      title: String = ""
    ) {
      (self.points, self.colour, self.width, self.opacity) = (points, colour, width, opacity)
      (self.isFaint, self.title) = (isFaint, title)
    }
  }

  /// The ground between two curves.
  package struct Band: Sendable {
    package var points: [(x: Double, low: Double, high: Double)]
    package var colour: Colour
  }

  /// A horizontal bar at a category of the y axis.
  package struct Bar: Sendable {
    package var y, from, to: Double
    package var colour: Colour
    package var opacity = 1.0
    /// How much of the category's room it fills.
    package var thickness = 0.7
    /// What a terminal fills it with.
    package var fill: Character = "█"
    /// The ends of an error bar.
    package var error: ClosedRange<Double>?
    package var title: String
    /// What stands behind its end, or behind a value further on.
    package var note = ""
    package var noteAfter: Double?
  }

  /// A rectangle between values of both axes.
  package struct Cell: Sendable {
    package var x, y: ClosedRange<Double>
    package var value: Double
    package var title: String
  }

  /// Something to draw.
  package enum Layer: Sendable {
    case marks([Mark])
    /// Terminals leave them out.
    case bands([Band])
    case lines([Line])
    case bars([Bar])
    /// Rectangles with the colours of the chart's scale.
    case cells([Cell])
  }

  /// A shape.
  package enum Glyph: Sendable {
    case disc, ring, triangle, square, diamond, cross, star

    /// The shapes of series, in turn.
    package static func series(_ number: Int) -> Glyph {
      let all: [Glyph] = [.disc, .triangle, .square, .diamond]
      return all[number % all.count]
    }

    /// The character that terminals show.
    package var character: Character {
      switch self {
      case .disc: "●"
      case .ring: "○"
      case .triangle: "▲"
      case .square: "■"
      case .diamond: "◆"
      case .cross: "×"
      case .star: "★"
      }
    }
  }

  /// What a colour and a shape mean.
  package struct LegendEntry: Sendable {
    package var text: String
    package var colour: Colour
    /// The shape; a line where there is none.
    package var glyph: Glyph?
    /// The character of bars in terminals.
    package var fill: Character?

    package init(_ text: String, _ colour: Colour, _ glyph: Glyph? = nil, fill: Character? = nil) {
      (self.text, self.colour, self.glyph, self.fill) = (text, colour, glyph, fill)
    }
  }

  /// A vertical axis of its own.
  package struct Ruler: Sendable {
    package var x: Double
    package var axis: Axis

    /// Where a position on the ruler stands on the chart's y axis, which is from `floor` to 1: below 0 is inactive.
    package init(x: Double, axis: Axis) { (self.x, self.axis) = (x, axis) }
  }

  /// Whether there is a coloured ground.
  var hasCells: Bool {
    layers.contains { layer in if case .cells(let cells) = layer { !cells.isEmpty } else { false } }
  }
}
