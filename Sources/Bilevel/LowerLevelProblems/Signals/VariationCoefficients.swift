import Foundation

/// A positive coefficient of a problem: held fixed, or a hyperparameter.
public enum Coefficient: Hashable, Sendable {
  /// A number.
  case fixed(Double)

  /// A coordinate of θ, which stands for the coefficient by its transform, `log` or `log10`.
  case tuned(Hyperparameter)
}

/// The strength α, the smoothing ν and the shrinkage ξ of total variation, each fixed or tuned.
struct VariationCoefficients: Hashable, Sendable {
  let coefficients: [Coefficient]
  let hyperparameters: [Hyperparameter]

  /// - Throws: `invalidData` when a fixed coefficient is not positive, or a transform not logarithmic.
  init(strength: Coefficient, smoothing: Coefficient, shrinkage: Coefficient) throws(BilevelError) {
    coefficients = [strength, smoothing, shrinkage]
    var tuned: [Hyperparameter] = []
    for coefficient in coefficients {
      switch coefficient {
      case .fixed(let value):
        guard value > 0, value.isFinite else { throw .invalidData("The coefficients of total variation are positive.") }
      case .tuned(let hyperparameter):
        guard hyperparameter.transform == .log || hyperparameter.transform == .log10 else {
          throw .invalidData("The coefficients of total variation are tuned by their logarithms.")
        }
        tuned.append(hyperparameter)
      }
    }
    hyperparameters = tuned
  }

  /// α, ν and ξ at θ.
  func values(_ theta: [Double]) -> (alpha: Double, nu: Double, xi: Double) {
    precondition(theta.count == hyperparameters.count, "There is one value for each hyperparameter")
    var next = 0
    let values = coefficients.map { coefficient -> Double in
      switch coefficient {
      case .fixed(let value): return value
      case .tuned(let hyperparameter):
        next += 1
        return hyperparameter.value(at: theta[next - 1])
      }
    }
    return (values[0], values[1], values[2])
  }

  /// Of three derivatives by the natural logarithms of α, ν and ξ those that are tuned, by their coordinates.
  func tuned(_ derivatives: [Double]) -> [Double] {
    zip(coefficients, derivatives).compactMap { coefficient, derivative in
      guard case .tuned(let hyperparameter) = coefficient else { return nil }
      return hyperparameter.transform == .log10 ? log(10) * derivative : derivative
    }
  }
}
