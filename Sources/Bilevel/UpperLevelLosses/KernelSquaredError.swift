import Foundation
public import NumericalMethods

/// The squared error of the predictions of kernel ridge regression, g = ‖K_v·x − v‖²/2m with K_v = exp(−γ·d²), γ = e^{θ₁}.
///
/// The loss depends on θ₁ through the kernel between validation and training rows.
public struct KernelSquaredError: UpperLevelLoss {
  private let kernel: RadialKernel
  private let targets: [Double]

  /// Whether g is convex in x.
  public var isConvex: Bool { true }

  /// Creates a loss.
  ///
  /// - Parameters:
  ///   - training: the training rows, n × f.
  ///   - design: the validation rows, m × f.
  ///   - targets: v, m numbers.
  /// - Throws: `invalidData` or `notFinite`.
  public init(training: Matrix, design: Matrix, targets: [Double]) throws(BilevelError) {
    try DataChecks.design(training, targets: training.rows, of: "training")
    try DataChecks.design(design, targets: targets.count, of: "validation")
    try DataChecks.finite(targets, "the validation targets")
    guard training.columns == design.columns else {
      throw .invalidData("Training and validation rows differ in their number of columns.")
    }
    kernel = RadialKernel(design, training)
    self.targets = targets
  }

  /// The value of g and its gradients.
  public func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation {
    let (m, gamma) = (Double(targets.count), exp(theta[0]))
    let matrix = kernel.matrix(gamma)
    var residual = targets
    gemv(matrix, x, beta: -1, into: &residual)
    var gradient = [Double](repeating: 0, count: x.count)
    gemv(alpha: 1 / m, matrix, residual, transposing: true, into: &gradient)
    let byWidth = dot(residual, kernel.slope(matrix, gamma: gamma).multiplying(x)) / m
    return UpperLevelEvaluation(
      value: dot(residual, residual) / (2 * m), gradient: gradient, hyperparameterGradient: [byWidth, 0])
  }

  /// A bound of L_g for all θ: elements of the kernel matrix are at most 1.
  public var greatestGradientLipschitz: Double? { Double(kernel.squaredDistances.columns) }

  /// L_g, by the Frobenius norm of the kernel matrix.
  public func gradientLipschitz(at theta: [Double]) -> Double? {
    let elements = kernel.matrix(exp(theta[0])).elements
    return dot(elements, elements) / Double(targets.count)
  }

  /// Not known: the gradient by the width is quadratic in x.
  public func hyperparameterGradientLipschitz(at theta: [Double]) -> Double? { nil }
}
