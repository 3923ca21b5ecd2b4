/// Nodes and weights that integrate smooth functions against the standard normal distribution.
///
/// With m nodes it is exact for polynomials of degree 2m − 1.
/// - Source: Golub, Welsch 1969, "Calculation of Gauss quadrature rules", section 2: the nodes are the eigenvalues of the
///   Jacobi matrix of the Hermite polynomials, whose off-diagonal is √1, √2, …; weights are squared first components of its
///   eigenvectors.
public struct GaussHermiteRule: Sendable {
  /// Where the function is evaluated, [m], ascending.
  public let nodes: [Double]
  /// What each value counts, [m], of sum 1.
  public let weights: [Double]

  /// Creates the rule.
  ///
  /// - Parameter count: the number of nodes m, at least 1.
  /// - Complexity: O(m³).
  public init(count: Int) {
    precondition(count >= 1, "A rule has a node")
    var jacobi = Matrix(rows: count, columns: count)
    for k in 1..<max(count, 1) {
      jacobi[k, k - 1] = Double(k).squareRoot()
      jacobi[k - 1, k] = Double(k).squareRoot()
    }
    do throws(LinearAlgebraError) {
      let decomposition = try SymmetricEigendecomposition(jacobi)
      nodes = decomposition.values
      weights = (0..<count).map { decomposition.vectors[0, $0] * decomposition.vectors[0, $0] }
    } catch {
      preconditionFailure("A Jacobi matrix has eigenvalues")
    }
  }

  /// Mean and standard deviation of a function of a normal variable.
  ///
  /// - Parameters:
  ///   - mean: the variable's mean.
  ///   - deviation: the variable's standard deviation, not negative.
  ///   - function: finite where it is evaluated.
  public func moments(
    mean: Double, deviation: Double, of function: (Double) -> Double
  ) -> (mean: Double, deviation: Double) {
    let values = nodes.map { function(mean + deviation * $0) }
    let average = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
    // In units of the largest distance, so that squares neither overflow nor vanish.
    let reach = values.reduce(0) { max($0, abs($1 - average)) }
    guard reach > 0, reach.isFinite else { return (average, reach) }
    let variance = zip(weights, values).reduce(0) { sum, term in
      let distance = (term.1 - average) / reach
      return sum + term.0 * distance * distance
    }
    return (average, reach * variance.squareRoot())
  }
}
