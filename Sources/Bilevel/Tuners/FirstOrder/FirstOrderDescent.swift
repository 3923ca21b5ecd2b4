import NumericalMethods

/// The way of a method that takes a step with every answer, for going back where the oracle fails.
struct FirstOrderDescent: Codable, Hashable, Sendable {
  /// So many failures in a row end a method.
  static let mostFailures = 20

  private(set) var point: [Double]
  private var previous: [Double]?
  private var failures = 0
  /// The steps taken.
  private(set) var steps = 0

  init(at start: [Double]) { point = start }

  /// Moves on.
  mutating func move(to next: [Double]) {
    previous = point
    point = next
    failures = 0
    steps += 1
  }

  /// Notes a failure: the first is to be asked again, the next takes half of the last step back.
  ///
  /// - Returns: whether to go on.
  mutating func fail() -> Bool {
    failures += 1
    if failures == 1 { return true }
    guard let previous, failures < Self.mostFailures else { return false }
    point = zip(point, previous).map { $1 + ($0 - $1) / 2 }
    return true
  }

  func isSound(_ d: Int) -> Bool { point.count == d && (previous?.count ?? d) == d }
}

/// Steps of length about `rate` that follow the mean of gradients, each coordinate by its own size.
///
/// - Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.
struct Adam: Codable, Hashable, Sendable {
  private static let (first, second, epsilon) = (0.9, 0.999, 1e-8)
  private var mean: [Double]
  private var square: [Double]
  /// The products of the decays so far, for the correction of the start.
  private var firstLeft = 1.0
  private var secondLeft = 1.0

  init(dimension: Int) {
    mean = Array(repeating: 0, count: dimension)
    square = mean
  }

  /// The point after a step along a gradient.
  mutating func step(from point: [Double], _ gradient: [Double], rate: Double) -> [Double] {
    firstLeft *= Self.first
    secondLeft *= Self.second
    var next = point
    for i in point.indices {
      mean[i] = Self.first * mean[i] + (1 - Self.first) * gradient[i]
      square[i] = Self.second * square[i] + (1 - Self.second) * gradient[i] * gradient[i]
      let size = (square[i] / (1 - secondLeft)).squareRoot() + Self.epsilon
      next[i] -= rate * (mean[i] / (1 - firstLeft)) / size
    }
    return next
  }

  func isSound(_ d: Int) -> Bool { mean.count == d && square.count == d }
}
