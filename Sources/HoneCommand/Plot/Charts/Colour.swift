/// A colour on screens and in terminals.
package struct Colour: Hashable, Sendable {
  private let red, green, blue: Int

  /// Creates a colour from 0xRRGGBB.
  package init(_ code: Int) { (red, green, blue) = (code >> 16 & 255, code >> 8 & 255, code & 255) }

  private init(_ red: Double, _ green: Double, _ blue: Double) {
    (self.red, self.green, self.blue) = (Int(red.rounded()), Int(green.rounded()), Int(blue.rounded()))
  }

  /// Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008).
  package static let series = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9].map(Colour.init)
  /// What is there but does not matter.
  package static let grey = Colour(0x999999)
  /// Text and lines.
  package static let ink = Colour(0x222222)

  /// The colour of the series of a number, in turn.
  package static func series(_ number: Int) -> Colour { series[number % series.count] }

  /// As HTML writes it.
  package var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The nearest of the 216 colours of terminals; dark ones are lightened, since the ground may be dark.
  package var terminalCode: Int {
    let luminance = (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255
    let colour = luminance < 0.35 ? mixed(with: Colour(0xFFFFFF), 0.3) : self
    let levels = [colour.red, colour.green, colour.blue].map { $0 < 48 ? 0 : $0 < 115 ? 1 : ($0 - 35) / 40 }
    return 16 + 36 * levels[0] + 6 * levels[1] + levels[2]
  }

  /// A mixture with a share of another colour.
  package func mixed(with other: Colour, _ share: Double) -> Colour {
    func mix(_ a: Int, _ b: Int) -> Double { Double(a) + (Double(b) - Double(a)) * share }
    return Colour(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}

/// Colours for numbers: dark at one end, light at the other, in even steps of lightness.
package struct ColourScale: Sendable {
  /// The numbers.
  package var axis: Axis
  /// Whether the low end is dark; else the high end.
  package var isDarkLow = true

  package init(axis: Axis, isDarkLow: Bool = true) { (self.axis, self.isDarkLow) = (axis, isDarkLow) }

  // Stops of viridis (van der Walt and Smith 2015), without its lightest end, which is lost on white.
  private static let stops = [0x440154, 0x414487, 0x2A788E, 0x22A884, 0x7AD151, 0xD8E219].map(Colour.init)

  /// The colour at a position from 0, the dark end, to 1.
  package static func colour(at position: Double) -> Colour {
    let place = min(max(position.isNaN ? 1 : position, 0), 1) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    return stops[index].mixed(with: stops[index + 1], place - Double(index))
  }

  /// How far from the dark end a number stands, 0 to 1.
  package func distance(of value: Double) -> Double {
    isDarkLow ? axis.position(of: value) : 1 - axis.position(of: value)
  }

  /// The colour of a number.
  package func colour(of value: Double) -> Colour { Self.colour(at: distance(of: value)) }
}
