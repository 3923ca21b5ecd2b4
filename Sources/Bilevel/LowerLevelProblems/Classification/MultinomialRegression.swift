public import NumericalMethods

/// Logistic regression of k classes with quadratic penalties: h = (1/n)·Σℓᵢ(W) + ½·Σⱼ e^{θ_{g(j)}}·Wⱼ².
///
/// A is n × f; the variables are W, f × k, column by column, and P = softmax(AW). A bias is a column of ones, penalised like
/// the others: without any penalty the Hessian would be singular. Products are matrix products of order n·f·k.
public struct MultinomialRegression: LowerLevelProblem {
  private let model: SoftmaxModel
  private let penalty: QuadraticPenalty

  /// The coordinates of θ.
  public let hyperparameters: [Hyperparameter]
  /// The number p of variables x.
  public var variableCount: Int { model.variableCount }

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - design: A, n × f.
  ///   - labels: n of 0 to k − 1.
  ///   - classes: k ≥ 2.
  ///   - penalty: which of the f·k weights share a penalty.
  /// - Throws: `invalidData` or `notFinite`.
  public init(
    design: Matrix, labels: [Int], classes: Int, penalty: PenaltyStructure = .shared
  ) throws(BilevelError) {
    model = try SoftmaxModel(design: design, labels: labels, classes: classes, of: "training")
    self.penalty = try QuadraticPenalty(penalty, weights: model.variableCount)
    hyperparameters = self.penalty.hyperparameters()
  }

  private var lossFactor: Double { 1 / Double(model.design.rows) }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let loss = model.evaluate(at: x, factor: lossFactor, gradient: &gradient)
    return loss + penalty.add(at: x, weights: penalty.weights(theta), to: &gradient)
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    penalty.hyperparameterGradient(at: x, theta: theta)
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let weights = penalty.weights(theta)
    return Derivatives(
      model: model, probabilities: model.predict(x).probabilities, lossFactor: lossFactor, weights: weights,
      slopes: penalty.slopes(at: x, weights: weights), penalty: penalty)
  }

  /// What is known: μ is the least penalty; L and L_H by Böhning's bound ½ and the third cumulant of log Σexp.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    let (weights, greatest) = (penalty.weights(theta), lossFactor * model.bounds.greatest)
    return SmoothnessConstants(
      strongConvexity: weights.min(), smoothness: greatest / 2 + (weights.max() ?? 0),
      hessianLipschitz: SoftmaxModel.thirdDerivative * model.longestRow * greatest, crossLipschitz: weights.max())
  }

  private struct Derivatives: SecondDerivatives {
    let model: SoftmaxModel
    let probabilities: Matrix
    let lossFactor: Double
    let weights: [Double]
    let slopes: [Double]
    let penalty: QuadraticPenalty

    func hessianProduct(_ v: [Double]) -> [Double] {
      var product = model.hessianProduct(v, probabilities: probabilities, factor: lossFactor)
      for j in v.indices { product[j] += weights[j] * v[j] }
      return product
    }

    func denseHessian() -> Matrix? {
      guard model.variableCount <= Matrix.largestDenseOrder else { return nil }
      return model.denseHessian(probabilities: probabilities, factor: lossFactor)
        .addingToDiagonal(weights)
    }

    func crossTransposeProduct(_ q: [Double]) -> [Double] { penalty.crossTransposeProduct(slopes: slopes, q) }

    var crossNorm: Double? { penalty.crossNorm(slopes: slopes) }
  }
}
