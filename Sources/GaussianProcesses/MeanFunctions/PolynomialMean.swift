import NumericalMethods

/// A linear or quadratic function of the features and of indicators of the levels, fitted by ridge regression.
///
/// The quadratic one always has the squares of the real features. It has the products of all pairs too where that leaves
/// fewer terms than observations: else most of the coefficients could not be told apart, and at d = 100 there would be
/// 5000. (The square of an indicator, and the product of two of one dimension, say nothing new.)
/// - Complexity: to fit, O(n·t·min(n, t)) for t terms, t ≤ max(2q, n); O(t) per value.
package struct PolynomialMean: MeanFunction {
  /// The degree.
  package enum Degree: Hashable, Sendable {
    case linear
    case quadratic
  }

  private let features: RegressionFeatures
  /// The columns whose products are terms.
  private let products: [(Int, Int)]
  private let regression: RidgeRegression

  /// The number of terms beside the intercept.
  package var termCount: Int { features.count + products.count }

  /// Fits a function.
  package init(_ degree: Degree, fittedTo observations: Observations) {
    let features = RegressionFeatures(observations.inputs)
    var products: [(Int, Int)] = []
    if degree == .quadratic {
      let (p, q) = (features.realCount, features.count)
      let within = features.levels.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
      products = (0..<p).map { ($0, $0) }
      if q + p + q * (q - 1) / 2 - within < observations.count {
        for i in 0..<q {
          for j in i + 1..<max(q, i + 1) {
            if i >= p, features.indicatorDimensions[i - p] == features.indicatorDimensions[j - p] { continue }
            products.append((i, j))
          }
        }
      }
    }
    self.features = features
    self.products = products
    regression = RidgeRegression(
      Self.terms(features.matrix(observations.inputs), products), targets: observations.targets)
  }

  private static func terms(_ matrix: Matrix, _ products: [(Int, Int)]) -> Matrix {
    let n = matrix.rows
    return matrix.appendingColumns(
      Matrix(rows: n, columns: products.count) { target in
        matrix.withUnsafeElements { z in
          for (term, (a, b)) in products.enumerated() {
            for i in 0..<n { target[term * n + i] = z[a * n + i] * z[b * n + i] }
          }
        }
      })
  }

  /// The values at m points.
  package func values(at points: Inputs) -> [Double] {
    regression.values(Self.terms(features.matrix(points), products))
  }

  /// The gradient at one point by its features.
  package func featureGradient(at point: Inputs) -> [Double] {
    let z = features.matrix(point).elements
    var gradient = Array(regression.coefficients.prefix(features.count))
    for (term, (a, b)) in products.enumerated() {
      let weight = regression.coefficients[features.count + term]
      gradient[a] += weight * z[b]
      gradient[b] += weight * z[a]
    }
    return Array(gradient.prefix(features.realCount))
  }
}
