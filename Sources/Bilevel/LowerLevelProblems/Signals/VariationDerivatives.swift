import NumericalMethods

/// The second derivatives of smoothed total variation at a point.
struct VariationDerivatives: SecondDerivatives {
  let differences: Differences
  let coefficients: VariationCoefficients
  let x: [Double]
  /// Dx, one array for each direction.
  let steps: [[Double]]
  /// s = √(|Dx|² + ν²).
  let lengths: [Double]
  let alpha: Double
  let nu: Double
  let xi: Double

  /// (1 + ξ)·v + α·Dᵀ(u/s − Dx·(Dx·u)/s³) with u = Dv.
  func hessianProduct(_ v: [Double]) -> [Double] {
    var product = v.map { (1 + xi) * $0 }
    var bent = differences.apply(v)
    for i in lengths.indices {
      let s = lengths[i]
      var along = 0.0
      for k in steps.indices { along += steps[k][i] * bent[k][i] }
      along /= s * s * s
      for k in steps.indices { bent[k][i] = bent[k][i] / s - steps[k][i] * along }
    }
    differences.addTransposed(alpha, bent, into: &product)
    return product
  }

  func crossTransposeProduct(_ q: [Double]) -> [Double] {
    let bent = differences.apply(q)
    var (byStrength, bySmoothing) = (0.0, 0.0)
    for i in lengths.indices {
      let s = lengths[i]
      var along = 0.0
      for k in steps.indices { along += steps[k][i] * bent[k][i] }
      byStrength += along / s
      bySmoothing -= along / (s * s * s)
    }
    return coefficients.tuned([alpha * byStrength, alpha * nu * nu * bySmoothing, xi * dot(x, q)])
  }

  /// The Frobenius norm, with ‖D‖ bounded.
  var crossNorm: Double? {
    var (byStrength, bySmoothing) = (0.0, 0.0)
    for i in lengths.indices {
      let s = lengths[i]
      let square = max(0, s * s - nu * nu)
      byStrength += square / (s * s)
      bySmoothing += square / (s * s * s * s * s * s)
    }
    let norm = differences.squaredNorm.squareRoot()
    return euclideanNorm(
      coefficients.tuned([
        alpha * norm * byStrength.squareRoot(), alpha * nu * nu * norm * bySmoothing.squareRoot(),
        xi * euclideanNorm(x),
      ]))
  }

  /// Lines lead to tridiagonal systems, solved in proportion to their length; images have no direct method.
  func solveDirectly(_ b: [Double]) throws(BilevelError) -> [Double]? {
    guard case .line(let length, let startsAtZero) = differences else { return nil }
    var solution: [Double] = []
    solution.reserveCapacity(b.count)
    for first in stride(from: 0, to: b.count, by: length) {
      var diagonal = [Double](repeating: 1 + xi, count: length)
      var offDiagonal = [Double](repeating: 0, count: length - 1)
      for i in 0..<length {
        let s = lengths[first + i]
        let curvature = alpha * nu * nu / (s * s * s)
        if i == 0 {
          if startsAtZero { diagonal[0] += curvature }
        } else {
          diagonal[i] += curvature
          diagonal[i - 1] += curvature
          offDiagonal[i - 1] = -curvature
        }
      }
      do {
        solution += try solveTridiagonal(
          diagonal: diagonal, offDiagonal: offDiagonal, Array(b[first..<first + length]))
      } catch LinearAlgebraError.notFinite {
        throw .notFinite("the Hessian")
      } catch {
        throw .singular
      }
    }
    return solution
  }
}
