import Foundation
public import NumericalMethods

/// Kernel ridge regression with the kernel exp(−γ·d²): (K + λI)·x = b, with γ = e^{θ₁} and λ = e^{θ₂}.
///
/// The variables are the n coefficients x, and h = ½xᵀ(K + λI)x − bᵀx. Solved directly in n³/3; keeps n² numbers.
public struct KernelRidge: LowerLevelProblem {
  private let kernel: RadialKernel
  private let targets: [Double]

  /// The coordinates of θ: the width of the kernel, starting at one over the number of columns, and the penalty.
  public let hyperparameters: [Hyperparameter]
  /// The number p of variables x.
  public var variableCount: Int { targets.count }

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - design: n × f.
  ///   - targets: b, n numbers.
  /// - Throws: `invalidData` or `notFinite`.
  public init(design: Matrix, targets: [Double]) throws(BilevelError) {
    try DataChecks.design(design, targets: targets.count, of: "training")
    try DataChecks.finite(targets, "the training targets")
    kernel = RadialKernel(design, design)
    self.targets = targets
    hyperparameters = [
      Hyperparameter("width", .log, range: -12...6, start: max(-12, -log(Double(design.columns)))),
      Hyperparameter("penalty", .log, range: -12...6, start: 0),
    ]
  }

  private func hessian(_ theta: [Double]) -> Matrix {
    precondition(theta.count == 2, "Kernel ridge has two hyperparameters")
    var hessian = kernel.matrix(exp(theta[0]))
    hessian.addToDiagonal(exp(theta[1]))
    return hessian
  }

  private func kernelSlope(_ theta: [Double]) -> Matrix {
    let gamma = exp(theta[0])
    return kernel.slope(kernel.matrix(gamma), gamma: gamma)
  }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let product = hessian(theta).symmetricMultiplying(x)
    gradient = product
    axpy(-1, targets, into: &gradient)
    return dot(x, product) / 2 - dot(targets, x)
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    [dot(x, kernelSlope(theta).symmetricMultiplying(x)) / 2, exp(theta[1]) * dot(x, x) / 2]
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    Derivatives(
      hessian: hessian(theta), byWidth: kernelSlope(theta).symmetricMultiplying(x),
      byPenalty: x.map { exp(theta[1]) * $0 })
  }

  /// What is known: μ = λ; elements of K are at most 1 and those of its slope at most 1/e.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    let (n, lambda) = (Double(targets.count), exp(theta[1]))
    return SmoothnessConstants(
      strongConvexity: lambda, smoothness: n + lambda, hessianLipschitz: 0,
      crossLipschitz: (n * n * exp(-2) + lambda * lambda).squareRoot())
  }

  /// The exact solution by a direct method.
  public func directSolution(at theta: [Double]) throws(BilevelError) -> [Double]? {
    try solvePositiveDefinite(hessian(theta), targets)
  }

  private struct Derivatives: SecondDerivatives {
    let hessian: Matrix
    let byWidth: [Double]
    let byPenalty: [Double]

    func hessianProduct(_ v: [Double]) -> [Double] { hessian.symmetricMultiplying(v) }

    func crossTransposeProduct(_ q: [Double]) -> [Double] { [dot(byWidth, q), dot(byPenalty, q)] }

    var crossNorm: Double? { euclideanNorm([euclideanNorm(byWidth), euclideanNorm(byPenalty)]) }

    func denseHessian() -> Matrix? { hessian }
  }
}
