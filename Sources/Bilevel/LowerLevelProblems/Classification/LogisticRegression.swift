import Foundation
public import NumericalMethods

/// Logistic regression of two classes with quadratic penalties.
///
/// With labels bᵢ = ±1, rows aᵢ and ψ(t) = log(1 + e^−t), the mean form is h = (1/n)·Σψ(bᵢaᵢᵀx) + ½·Σⱼ e^{θ_{g(j)}}·xⱼ²
/// and the sum form Σψ(bᵢaᵢᵀx) + Σⱼ e^{θ_{g(j)}}·xⱼ². A bias is a column of ones, penalised like the others.
public struct LogisticRegression: LowerLevelProblem {
  private let design: Matrix
  private let labels: [Double]
  private let penalty: QuadraticPenalty
  private let lossFactor: Double
  private let bounds: SpectralBounds
  private let longestRow: Double

  /// The coordinates of θ.
  public let hyperparameters: [Hyperparameter]
  /// The number p of variables x.
  public var variableCount: Int { design.columns }

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - design: A, n × p.
  ///   - labels: b, n of −1 or 1.
  ///   - penalty: which weights share a penalty.
  ///   - scale: whether losses are averaged or summed.
  /// - Throws: `invalidData` or `notFinite`.
  public init(
    design: Matrix, labels: [Double], penalty: PenaltyStructure = .shared, scale: LossScale = .mean
  ) throws(BilevelError) {
    try DataChecks.design(design, targets: labels.count, of: "training")
    try DataChecks.signs(labels)
    self.design = design
    self.labels = labels
    self.penalty = try QuadraticPenalty(penalty, weights: design.columns, curvature: scale.penaltyCurvature)
    lossFactor = scale.lossFactor(rows: design.rows)
    bounds = SpectralBounds(ofGramOf: design)
    longestRow = design.longestRow
    hyperparameters = self.penalty.hyperparameters()
  }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let loss = evaluateLogisticLoss(design, labels, factor: lossFactor, at: x, gradient: &gradient)
    return loss + penalty.add(at: x, weights: penalty.weights(theta), to: &gradient)
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    penalty.hyperparameterGradient(at: x, theta: theta)
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let weights = penalty.weights(theta)
    let curvatures = design.multiplying(x).map { lossFactor * logistic($0) * logistic(-$0) }
    return Derivatives(
      design: design, curvatures: curvatures, weights: weights, slopes: penalty.slopes(at: x, weights: weights),
      penalty: penalty)
  }

  /// What is known: μ is the least penalty and L_H = max‖aᵢ‖·λ_max(AᵀA)/(6√3) times the factor of the loss.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    let weights = penalty.weights(theta)
    return SmoothnessConstants(
      strongConvexity: weights.min(), smoothness: lossFactor * bounds.greatest / 4 + (weights.max() ?? 0),
      hessianLipschitz: lossFactor * longestRow * bounds.greatest / (6 * 3.0.squareRoot()),
      crossLipschitz: weights.max())
  }

  private struct Derivatives: SecondDerivatives {
    let design: Matrix
    let curvatures: [Double]
    let weights: [Double]
    let slopes: [Double]
    let penalty: QuadraticPenalty

    func hessianProduct(_ v: [Double]) -> [Double] {
      var rows = design.multiplying(v)
      for i in rows.indices { rows[i] *= curvatures[i] }
      var product = design.multiplying(rows, transposing: true)
      for j in v.indices { product[j] += weights[j] * v[j] }
      return product
    }

    func crossTransposeProduct(_ q: [Double]) -> [Double] { penalty.crossTransposeProduct(slopes: slopes, q) }

    var crossNorm: Double? { penalty.crossNorm(slopes: slopes) }

    func denseHessian() -> Matrix? {
      guard design.columns <= Matrix.largestDenseOrder else { return nil }
      var scaled = design
      scaled.scaleRows(by: curvatures.map { $0.squareRoot() })
      return scaled.gram(of: .columns).addingToDiagonal(weights)
    }
  }
}

/// The loss factor·Σψ(bᵢaᵢᵀx); writes its gradient.
func evaluateLogisticLoss(
  _ design: Matrix, _ labels: [Double], factor: Double, at x: [Double], gradient: inout [Double]
) -> Double {
  var margins = design.multiplying(x)
  var sum = 0.0
  for i in margins.indices {
    let margin = labels[i] * margins[i]
    sum += logisticLoss(margin)
    margins[i] = -labels[i] * logistic(-margin)
  }
  gemv(alpha: factor, design, margins, transposing: true, into: &gradient)
  return factor * sum
}

extension Matrix {
  /// The largest Euclidean norm of a row.
  var longestRow: Double { (squaredRowNorms.max() ?? 0).squareRoot() }
}
