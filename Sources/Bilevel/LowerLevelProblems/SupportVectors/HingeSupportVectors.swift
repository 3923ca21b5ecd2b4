import Foundation
public import NumericalMethods

/// Support vector classification with hinge losses, by its dual: min ½‖Zᵀa‖² − Σaᵢ with 0 ≤ aᵢ ≤ C, Z = diag(b)·A, C = e^θ.
///
/// The variables are the n multipliers a, and the weights of the classifier are Zᵀa. Solved by coordinate descent. Along the
/// manifold of the solution multipliers at a bound stay there: da_U = C·dθ, Z_I·Z_Iᵀ·da_I = −Z_I·Z_Uᵀ·da_U. Outside the box
/// h is infinite. θ acts through the box alone, so that the gradient of h by θ at fixed a is zero and methods that use
/// nothing else of θ do not fit.
public struct HingeSupportVectors: CoordinatewiseProblem {
  /// Z, n × p.
  private let signed: Matrix
  private let squaredNorms: [Double]

  /// The coordinates of θ.
  public let hyperparameters = [Hyperparameter("cost", .log, range: -12...6, start: 0)]
  /// The number p of variables x.
  public var variableCount: Int { signed.rows }

  /// Creates a problem from A, n × p, and n labels of −1 or 1.
  ///
  /// - Throws: `invalidData` or `notFinite`.
  public init(design: Matrix, labels: [Double]) throws(BilevelError) {
    try DataChecks.design(design, targets: labels.count, of: "training")
    try DataChecks.signs(labels)
    var signed = design
    signed.scaleRows(by: labels)
    self.signed = signed
    squaredNorms = signed.squaredRowNorms
  }

  /// The weights Zᵀa of the classifier, p numbers.
  public func weights(_ multipliers: [Double]) -> [Double] { signed.multiplying(multipliers, transposing: true) }

  /// The matrix V·Zᵀ, m × n, by which a loss judges multipliers as it would judge weights by V, m × p.
  public func dualDesign(_ validation: Matrix) -> Matrix { validation.multiplying(signed, transposing: .right) }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let (cost, weights) = (exp(theta[0]), weights(x))
    gemv(signed, weights, into: &gradient)
    var isInside = true
    for i in x.indices {
      gradient[i] -= 1
      // At a bound only what would move the multiplier inwards counts.
      if x[i] <= 0, gradient[i] > 0 { gradient[i] = 0 }
      if x[i] >= cost, gradient[i] < 0 { gradient[i] = 0 }
      isInside = isInside && x[i] >= 0 && x[i] <= cost
    }
    return isInside ? dot(weights, weights) / 2 - x.reduce(0, +) : .infinity
  }

  /// Zero: θ acts through the box alone.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] { [0] }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let cost = exp(theta[0])
    let free = x.indices.filter { x[$0] > 0 && x[$0] < cost }
    let full = x.indices.filter { x[$0] >= cost }
    let rows = signed.rows(at: free)
    let pushed = rows.multiplying(
      signed.rows(at: full).multiplying([Double](repeating: cost, count: full.count), transposing: true))
    var cross = [Double](repeating: 0, count: x.count)
    for (index, i) in free.enumerated() { cross[i] = pushed[index] }
    for i in full { cross[i] = -cost }
    return Derivatives(hessian: SupportHessian(rows.gram(of: .rows), support: free), cross: cross)
  }

  /// Nothing is known: the dual is not strongly convex.
  public func constants(at theta: [Double]) -> SmoothnessConstants { .unknown }

  /// The weights Zᵀa.
  public func carriedProducts(at x: [Double]) -> [Double] { weights(x) }

  /// Moves each multiplier to its minimum within the box.
  public func sweep(_ x: inout [Double], carried: inout [Double], theta: [Double]) {
    let (cost, n, p) = (exp(theta[0]), signed.rows, signed.columns)
    signed.withUnsafeElements { z in
      for i in 0..<n {
        var slope = -1.0
        for j in 0..<p { slope += z[i + j * n] * carried[j] }
        // A row of zeros gains nothing by staying below the bound.
        let target = squaredNorms[i] > 0 ? x[i] - slope / squaredNorms[i] : cost
        let change = min(max(target, 0), cost) - x[i]
        guard change != 0 else { continue }
        x[i] = min(max(target, 0), cost)
        for j in 0..<p { carried[j] += change * z[i + j * n] }
      }
    }
  }

  private struct Derivatives: SecondDerivatives {
    let hessian: SupportHessian
    let cross: [Double]

    func hessianProduct(_ v: [Double]) -> [Double] { hessian.product(v) }

    func crossTransposeProduct(_ q: [Double]) -> [Double] { [dot(cross, q)] }

    var crossNorm: Double? { euclideanNorm(cross) }

    func solveDirectly(_ b: [Double]) throws(BilevelError) -> [Double]? { try hessian.solve(b) }
  }
}
