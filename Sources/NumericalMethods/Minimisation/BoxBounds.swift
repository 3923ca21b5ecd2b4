/// An axis-parallel box, open to infinity where a bound is infinite and flat where both bounds are equal.
public struct BoxBounds: Sendable, Equatable, Codable {
  /// The least value of each variable, -∞ where there is none.
  public let lower: [Double]

  /// The greatest value of each variable, +∞ where there is none.
  public let upper: [Double]

  /// Creates a box of d dimensions; each lower bound is at most its upper bound, and none is NaN.
  public init(lower: [Double], upper: [Double]) {
    precondition(lower.count == upper.count, "A box has as many lower bounds as upper ones")
    precondition(zip(lower, upper).allSatisfy { $0 <= $1 }, "A lower bound is at most its upper bound")
    self.lower = lower
    self.upper = upper
  }

  /// The box without any bound.
  public static func unbounded(dimensions: Int) -> BoxBounds {
    BoxBounds(
      lower: Array(repeating: -.infinity, count: dimensions), upper: Array(repeating: .infinity, count: dimensions))
  }

  /// The cube [0, 1]ᵈ.
  public static func unitCube(dimensions: Int) -> BoxBounds {
    BoxBounds(lower: Array(repeating: 0, count: dimensions), upper: Array(repeating: 1, count: dimensions))
  }

  /// The number of variables d.
  public var dimensions: Int { lower.count }

  /// The point of the box that is nearest to another; a NaN stays NaN.
  public func projecting(_ point: [Double]) -> [Double] {
    precondition(point.count == dimensions, "The point must have as many coordinates as the box")
    return point.indices.map { clamped(point[$0], $0) }
  }

  /// Whether a point lies in the box, its faces included.
  public func contains(_ point: [Double]) -> Bool {
    point.count == dimensions && point.indices.allSatisfy { lower[$0] <= point[$0] && point[$0] <= upper[$0] }
  }

  /// Whether any variable has a finite bound.
  var bindsAnything: Bool { lower.contains { $0.isFinite } || upper.contains { $0.isFinite } }

  /// Whether every variable has two finite bounds.
  var bindsEverything: Bool { lower.allSatisfy(\.isFinite) && upper.allSatisfy(\.isFinite) }

  /// Whether it is a box of d dimensions.
  func isSound(_ d: Int) -> Bool {
    lower.count == d && upper.count == d && zip(lower, upper).allSatisfy { $0 <= $1 }
  }

  /// A value moved between the bounds of variable `i`.
  func clamped(_ value: Double, _ i: Int) -> Double {
    if value < lower[i] { return lower[i] }
    return value > upper[i] ? upper[i] : value
  }

  /// The largest coordinate of the step to the projection of `point - gradient`: zero exactly where the point is
  /// stationary in the box.
  func projectedGradientNorm(at point: [Double], gradient: [Double]) -> Double {
    var norm = 0.0
    for i in point.indices {
      norm = max(norm, min(max(-gradient[i], lower[i] - point[i]), upper[i] - point[i]).magnitude)
    }
    return norm
  }
}
