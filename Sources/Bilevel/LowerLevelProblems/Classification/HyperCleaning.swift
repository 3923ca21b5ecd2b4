public import NumericalMethods

/// Weights for training rows whose labels may be wrong: h = (1/n)·Σσ(θᵢ)·ℓᵢ(W) + (c/2)·‖W‖².
///
/// A is n × f, W is f × k column by column, and each of the n rows has its own θᵢ: σ(θᵢ) near 0 leaves it out.
/// - Source: Franceschi, Donini, Frasconi and Pontil, "Forward and reverse gradient-based hyperparameter optimization" (2017).
public struct HyperCleaning: LowerLevelProblem {
  private let model: SoftmaxModel
  private let penalty: Double
  private let rowNorms: [Double]

  /// The coordinates of θ.
  public let hyperparameters: [Hyperparameter]
  /// The number p of variables x.
  public var variableCount: Int { model.variableCount }

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - design: A, n × f.
  ///   - labels: n of 0 to k − 1, some perhaps wrong.
  ///   - classes: k ≥ 2.
  ///   - penalty: c > 0.
  /// - Throws: `invalidData` or `notFinite`.
  public init(design: Matrix, labels: [Int], classes: Int, penalty: Double = 1e-3) throws(BilevelError) {
    guard penalty > 0, penalty.isFinite else { throw .invalidData("The penalty of hyper-cleaning is positive.") }
    model = try SoftmaxModel(design: design, labels: labels, classes: classes, of: "training")
    self.penalty = penalty
    rowNorms = (0..<design.rows).map { euclideanNorm(design.row($0)) }
    hyperparameters = (0..<design.rows).map { Hyperparameter("weight_\($0)", .logit, range: -8...8, start: 0) }
  }

  private var lossFactor: Double { 1 / Double(model.design.rows) }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let loss = model.evaluate(at: x, rowWeights: theta.map(logistic), factor: lossFactor, gradient: &gradient)
    axpy(penalty, x, into: &gradient)
    return loss + penalty / 2 * dot(x, x)
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    let losses = model.predict(x).losses
    return theta.indices.map { lossFactor * logisticSlope(theta[$0]) * losses[$0] }
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let probabilities = model.predict(x).probabilities
    return Derivatives(
      model: model, probabilities: probabilities, rowWeights: theta.map(logistic),
      residuals: model.residuals(probabilities, rowWeights: theta.map { lossFactor * logisticSlope($0) }),
      lossFactor: lossFactor, penalty: penalty, rowNorms: rowNorms)
  }

  /// What is known: μ = c; the softmax bounds with all weights at most the largest.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    let greatest = lossFactor * model.bounds.greatest * (theta.map(logistic).max() ?? 0)
    // ∂ᵢ∇h = σ'(θᵢ)·aᵢ(Pᵢ − Yᵢ)ᵀ/n changes with W by at most σ'·½·‖aᵢ‖·‖aᵢᵀΔW‖/n.
    let slope = theta.map(logisticSlope).max() ?? 0
    return SmoothnessConstants(
      strongConvexity: penalty, smoothness: greatest / 2 + penalty,
      hessianLipschitz: SoftmaxModel.thirdDerivative * model.longestRow * greatest,
      crossLipschitz: lossFactor * slope / 2 * model.longestRow * model.bounds.greatest.squareRoot())
  }

  private struct Derivatives: SecondDerivatives {
    let model: SoftmaxModel
    let probabilities: Matrix
    let rowWeights: [Double]
    /// σ'(θᵢ)·(Pᵢ − Yᵢ)/n, n × k.
    let residuals: Matrix
    let lossFactor: Double
    let penalty: Double
    let rowNorms: [Double]

    func hessianProduct(_ v: [Double]) -> [Double] {
      var product = model.hessianProduct(v, probabilities: probabilities, rowWeights: rowWeights, factor: lossFactor)
      axpy(penalty, v, into: &product)
      return product
    }

    func denseHessian() -> Matrix? {
      guard model.variableCount <= Matrix.largestDenseOrder else { return nil }
      return model.denseHessian(probabilities: probabilities, rowWeights: rowWeights, factor: lossFactor)
        .addingToDiagonal([Double](repeating: penalty, count: model.variableCount))
    }

    func crossTransposeProduct(_ q: [Double]) -> [Double] {
      var sums = [Double](repeating: 0, count: rowWeights.count)
      model.design.multiplying(model.matrix(q)).combining(residuals, *).sumRows(into: &sums)
      return sums
    }

    /// The Frobenius norm, whose columns are outer products of a row of A and a residual.
    var crossNorm: Double? {
      var squares = [Double](repeating: 0, count: rowWeights.count)
      residuals.map { $0 * $0 }.sumRows(into: &squares)
      return squares.indices.reduce(0) { $0 + squares[$1] * rowNorms[$1] * rowNorms[$1] }.squareRoot()
    }
  }
}
