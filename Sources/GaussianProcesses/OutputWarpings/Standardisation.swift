/// The map of values to mean 0 and variance 1.
struct Standardisation {
  let mean: Double
  /// The standard deviation; 1 where the values do not differ by more than rounding.
  let deviation: Double

  /// The map that changes nothing.
  static let identity = Standardisation(mean: 0, deviation: 1)

  private init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }

  /// The standardisation of values of size 1 or less.
  init(_ values: [Double]) {
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0) { $0 + $1 / count }
    let spread = values.reduce(0) { max($0, abs($1 - mean)) }
    self.mean = mean
    // Relative to the spread, so that squares neither overflow nor vanish.
    let sum = values.reduce(0) { $0 + (($1 - mean) / spread) * (($1 - mean) / spread) / count }
    let deviation = spread * sum.squareRoot()
    self.deviation = deviation.isNormal && deviation > 1e-14 * abs(mean) ? deviation : 1
  }

  func apply(_ value: Double) -> Double { (value - mean) / deviation }

  func invert(_ standardised: Double) -> Double { mean + deviation * standardised }
}
