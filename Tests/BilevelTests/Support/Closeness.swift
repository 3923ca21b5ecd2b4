import NumericalMethods

/// The distance between two vectors relative to the length of the second, or to the floor where that is longer.
func relativeError(_ values: [Double], _ expected: [Double], floor: Double = 1e-8) -> Double {
  guard values.count == expected.count else { return .infinity }
  let difference = zip(values, expected).map { $0 - $1 }
  return euclideanNorm(difference) / max(euclideanNorm(expected), floor)
}

/// The distance between two numbers relative to the second.
func relativeError(_ value: Double, _ expected: Double) -> Double { relativeError([value], [expected]) }

/// The gradient of a function by differences of fourth order.
func differences(
  at point: [Double], step: Double, of function: ([Double]) throws -> Double
) rethrows -> [Double] {
  try point.indices.map { j in
    func value(_ steps: Double) throws -> Double {
      var moved = point
      moved[j] += steps * step
      return try function(moved)
    }
    let near = try value(1) - value(-1)
    let far = try value(2) - value(-2)
    return (8 * near - far) / (12 * step)
  }
}
