/// A problem x*(θ) = argmin_x h(x, θ), whose solution an upper-level loss judges.
///
/// With p = `variableCount` variables x and d = `hyperparameterCount` hyperparameters θ. A wrong length is a programmer's
/// error. What is not finite goes in and comes out: solvers and estimators look for it and throw.
public protocol LowerLevelProblem: Sendable {
  /// The number p of variables x.
  var variableCount: Int { get }

  /// The coordinates of θ, d of them: names, transforms, default boxes and starts.
  var hyperparameters: [Hyperparameter] { get }

  /// The value of h; writes its gradient by x.
  ///
  /// Where h has kinks, or x is bounded, this is the shortest element of the subdifferential, so that it vanishes exactly
  /// at a solution and bounds the distance to it as a gradient does.
  /// - Parameters:
  ///   - x: p numbers.
  ///   - theta: d numbers.
  ///   - gradient: p numbers, overwritten.
  func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double

  /// The gradient of h by θ at fixed x, d numbers.
  func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double]

  /// The second derivatives at a point, for any number of products.
  func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives

  /// What is known of h at θ, for all x.
  func constants(at theta: [Double]) -> SmoothnessConstants

  /// Where a cold start begins, p numbers.
  var coldStart: [Double] { get }

  /// The exact solution by a direct method, p numbers, or nil where the family has none.
  ///
  /// - Throws: `singular` or `notFinite`.
  func directSolution(at theta: [Double]) throws(BilevelError) -> [Double]?
}

extension LowerLevelProblem {
  /// The number d of hyperparameters θ.
  public var hyperparameterCount: Int { hyperparameters.count }

  /// The default start of θ, d numbers.
  public var startingHyperparameters: [Double] { hyperparameters.map(\.start) }

  /// The origin.
  public var coldStart: [Double] { [Double](repeating: 0, count: variableCount) }

  /// There is no direct method.
  public func directSolution(at theta: [Double]) throws(BilevelError) -> [Double]? { nil }

  /// The product H·v at a point; for several products at one point, `derivatives(at:theta:)` is cheaper.
  public func hessianProduct(at x: [Double], theta: [Double], _ v: [Double]) -> [Double] {
    derivatives(at: x, theta: theta).hessianProduct(v)
  }

  /// The product Jᵀq at a point.
  public func crossTransposeProduct(at x: [Double], theta: [Double], _ q: [Double]) -> [Double] {
    derivatives(at: x, theta: theta).crossTransposeProduct(q)
  }
}
