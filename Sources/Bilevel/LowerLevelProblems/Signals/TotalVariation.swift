import Foundation
import NumericalMethods

/// Denoising of signals or images by smoothed total variation: h = ½‖x − y‖² + α·Σ√(|Dx|² + ν²) + ½ξ‖x‖².
///
/// The variables are all signals one after another. In images |Dx| is the length of the two differences at a pixel (isotropic).
/// Solved by Newton's method; for lines its systems are tridiagonal.
/// - Source: Ehrhardt and Roberts, "Inexact derivative-free optimization for bilevel learning" (2021), section 4.
public struct TotalVariation: LowerLevelProblem {
  private let differences: Differences
  private let observed: [Double]
  private let coefficients: VariationCoefficients

  /// The number p of variables x.
  public var variableCount: Int { observed.count }
  /// The coordinates of θ.
  public var hyperparameters: [Hyperparameter] { coefficients.hyperparameters }

  /// Where a cold start begins: the noisy signals.
  public var coldStart: [Double] { observed }

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - observed: the noisy signals y, one after another, or images row after row.
  ///   - differences: the shape of one signal.
  ///   - strength: α.
  ///   - smoothing: ν.
  ///   - shrinkage: ξ.
  /// - Throws: `invalidData` or `notFinite`.
  public init(
    observed: [Double], _ differences: Differences, strength: Coefficient, smoothing: Coefficient = .fixed(1e-3),
    shrinkage: Coefficient = .fixed(1e-3)
  ) throws(BilevelError) {
    switch differences {
    case .line(let length, _):
      guard length > 0 else { throw .invalidData("A signal has at least one value.") }
    case .image(let rows, let columns):
      guard rows > 0, columns > 0, rows.multipliedReportingOverflow(by: columns).overflow == false else {
        throw .invalidData("An image has at least one pixel.")
      }
    }
    guard !observed.isEmpty, observed.count.isMultiple(of: differences.size) else {
      throw .invalidData("The observations are whole signals of \(differences.size) values.")
    }
    try DataChecks.finite(observed, "the observations")
    self.differences = differences
    self.observed = observed
    coefficients = try VariationCoefficients(strength: strength, smoothing: smoothing, shrinkage: shrinkage)
  }

  /// The smoothed lengths √(|d|² + ν²) of differences.
  private static func lengths(_ steps: [[Double]], _ nu: Double) -> [Double] {
    var lengths = [Double](repeating: 0, count: steps[0].count)
    for i in lengths.indices {
      var square = nu * nu
      for direction in steps { square += direction[i] * direction[i] }
      lengths[i] = square.squareRoot()
    }
    return lengths
  }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let (alpha, nu, xi) = coefficients.values(theta)
    let steps = differences.apply(x)
    let lengths = Self.lengths(steps, nu)
    gradient = x
    axpy(-1, observed, into: &gradient)
    let misfit = dot(gradient, gradient) / 2
    axpy(xi, x, into: &gradient)
    let slopes = steps.map { direction in direction.indices.map { direction[$0] / lengths[$0] } }
    differences.addTransposed(alpha, slopes, into: &gradient)
    return misfit + alpha * lengths.reduce(0, +) + xi / 2 * dot(x, x)
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    let (alpha, nu, xi) = coefficients.values(theta)
    let lengths = Self.lengths(differences.apply(x), nu)
    return coefficients.tuned([
      alpha * lengths.reduce(0, +), alpha * nu * nu * lengths.reduce(0) { $0 + 1 / $1 }, xi / 2 * dot(x, x),
    ])
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let (alpha, nu, xi) = coefficients.values(theta)
    let steps = differences.apply(x)
    return VariationDerivatives(
      differences: differences, coefficients: coefficients, x: x, steps: steps, lengths: Self.lengths(steps, nu),
      alpha: alpha, nu: nu, xi: xi)
  }

  /// What is known; the Lipschitz constants grow like ν⁻², so that certificates say little for small ν.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    let (alpha, nu, xi) = coefficients.values(theta)
    let square = differences.squaredNorm
    // Third derivatives of √(|d|² + ν²): 3t(s² − t²)/s⁵ along a unit vector, at most 2/√3 of ν⁻².
    let third = 2 / 3.0.squareRoot()
    let cross = coefficients.tuned([alpha * square / nu, alpha * square / nu, xi])
    return SmoothnessConstants(
      strongConvexity: 1 + xi, smoothness: 1 + xi + alpha * square / nu,
      hessianLipschitz: third * alpha / (nu * nu) * square * square.squareRoot(),
      crossLipschitz: euclideanNorm(cross))
  }
}
