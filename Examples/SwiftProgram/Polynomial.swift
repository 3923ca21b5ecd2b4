import Foundation

/// Points of a curve with noise, every third of which judges.
struct Points {
  let training, validation: [(x: Double, y: Double)]

  init(count: Int) {
    let all = (0..<count).map { index in
      let x = 2 * Double(index) / Double(count - 1) - 1
      // A noise that is the same every time.
      let noise = sin(Double(index * index) * 12.9898) * 0.2
      return (x: x, y: sin(4 * x) + noise)
    }
    training = all.enumerated().filter { !$0.offset.isMultiple(of: 3) }.map(\.element)
    validation = all.enumerated().filter { $0.offset.isMultiple(of: 3) }.map(\.element)
  }
}

/// A polynomial with a penalty on the squares of its coefficients.
struct Polynomial {
  private let coefficients: [Double]

  /// Fits one by the normal equations.
  init(degree: Int, penalty: Double, _ points: [(x: Double, y: Double)]) {
    let size = degree + 1
    var rows = [[Double]](repeating: [Double](repeating: 0, count: size + 1), count: size)
    for (x, y) in points {
      let powers = (0..<size).map { pow(x, Double($0)) }
      for i in 0..<size {
        for j in 0..<size { rows[i][j] += powers[i] * powers[j] }
        rows[i][size] += powers[i] * y
      }
    }
    for i in 0..<size { rows[i][i] += penalty }
    // Positive definite, so elimination needs no pivots.
    for i in 0..<size {
      for j in (i + 1)..<max(size, i + 1) {
        let factor = rows[j][i] / rows[i][i]
        for k in i...size { rows[j][k] -= factor * rows[i][k] }
      }
    }
    var solution = [Double](repeating: 0, count: size)
    for i in (0..<size).reversed() {
      let known = ((i + 1)..<max(size, i + 1)).reduce(0) { $0 + rows[i][$1] * solution[$1] }
      solution[i] = (rows[i][size] - known) / rows[i][i]
    }
    coefficients = solution
  }

  /// The mean squared error.
  func error(_ points: [(x: Double, y: Double)]) -> Double {
    points.reduce(0) { sum, point in
      let value = coefficients.reversed().reduce(0) { $0 * point.x + $1 }
      return sum + (value - point.y) * (value - point.y) / Double(points.count)
    }
  }
}
