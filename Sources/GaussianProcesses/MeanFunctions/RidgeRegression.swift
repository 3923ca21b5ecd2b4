package import NumericalMethods

/// Linear least squares with a penalty on the coefficients, which leave-one-out cross-validation chooses.
///
/// Minimises |y − c − Xβ|² + λ|β|²; the intercept c is not penalised. With X centred and XᵀX = VΛVᵀ (or XXᵀ = QΛQᵀ, whichever
/// is smaller) the residual of every point left out, (y_i − ŷ_i)/(1 − h_ii), follows for every λ from one decomposition.
/// Where several penalties do equally well, the largest is taken.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | X | design | [n, q] |
/// | β | coefficients | [q] |
/// | h | leverages | [n] |
///
/// - Source: Hastie, Tibshirani, Friedman 2009, "The elements of statistical learning", eqs. 3.44 and 7.64.
package struct RidgeRegression: Sendable {
  /// c.
  package let intercept: Double
  /// β, [q].
  package let coefficients: [Double]
  /// λ.
  package let penalty: Double
  /// The mean of the squared residuals of points left out.
  package let leaveOneOutError: Double

  /// The penalties to choose from, largest first.
  package static let penalties: [Double] = [1e2, 1e1, 1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6]

  /// Fits n targets; where the design is not finite, all coefficients are 0.
  ///
  /// - Complexity: O(n·q·min(n, q) + min(n, q)³).
  package init(_ design: Matrix, targets: [Double]) {
    let (n, q) = (design.rows, design.columns)
    let count = Double(max(n, 1))
    let means = (0..<q).map { column in design.column(column).reduce(0) { $0 + $1 / count } }
    let mean = targets.reduce(0) { $0 + $1 / count }
    let centred = Matrix(rows: n, columns: q) { target in
      design.withUnsafeElements { source in
        for j in 0..<q { for i in j * n..<(j + 1) * n { target[i] = source[i] - means[j] } }
      }
    }
    let residuals = targets.map { $0 - mean }
    guard n > 0, q > 0,
      let system = try? SymmetricEigendecomposition(centred.gram(of: q <= n ? .columns : .rows))
    else {
      (intercept, coefficients, penalty) = (mean, Array(repeating: 0, count: q), Self.penalties[0])
      leaveOneOutError = residuals.reduce(0) { $0 + $1 * $1 / count }
      return
    }
    let eigenvalues = system.values.map { max($0, 0) }
    // Columns of `images` are Xv_k, so that ŷ − ȳ = Σ_k images_k·(images_kᵀy)/(Λ_k + λ) with either decomposition.
    let images: Matrix
    if q <= n {
      images = centred.multiplying(system.vectors)
    } else {
      images = Matrix(rows: n, columns: n) { target in
        system.vectors.withUnsafeElements { source in
          for k in 0..<n {
            let root = eigenvalues[k].squareRoot()
            for i in k * n..<(k + 1) * n { target[i] = root * source[i] }
          }
        }
      }
    }
    let projections = images.multiplying(residuals, transposing: true)

    var best = (penalty: Self.penalties[0], error: Double.infinity)
    for penalty in Self.penalties {
      var remaining = residuals
      var freedom = [Double](repeating: 1 - 1 / count, count: n)
      images.withUnsafeElements { image in
        for (k, value) in eigenvalues.enumerated() {
          let weight = 1 / (value + penalty)
          let share = projections[k] * weight
          for i in 0..<n {
            let element = image[k * n + i]
            remaining[i] -= share * element
            freedom[i] -= weight * element * element
          }
        }
      }
      // A point that alone decides a coefficient has no freedom left but rounding.
      let error = zip(remaining, freedom).reduce(0) { sum, pair in
        let residual = pair.0 / max(pair.1, 1e-12)
        return sum + residual * residual / count
      }
      if error < best.error * (1 - 1e-9) { best = (penalty, error) }
    }
    penalty = best.penalty
    leaveOneOutError = best.error
    if q <= n {
      coefficients = system.vectors.multiplying(
        zip(projections, eigenvalues).map { [penalty] in $0 / ($1 + penalty) })
    } else {
      // β = Xᵀ(XXᵀ + λI)⁻¹y.
      let weights = system.vectors.multiplying(residuals, transposing: true)
      let dual = system.vectors.multiplying(zip(weights, eigenvalues).map { [penalty] in $0 / ($1 + penalty) })
      coefficients = centred.multiplying(dual, transposing: true)
    }
    intercept = mean - dot(coefficients, means)
  }

  /// The values at m points with this design, [m, q].
  package func values(_ design: Matrix) -> [Double] { design.multiplying(coefficients).map { $0 + intercept } }
}
