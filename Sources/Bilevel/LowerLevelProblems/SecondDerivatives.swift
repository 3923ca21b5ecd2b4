public import NumericalMethods

/// The second derivatives of a lower-level objective h at one point (x, θ): H = ∇²ₓₓh and J = ∇ₓ∂θh.
///
/// Made once per point, so that what products share is computed once. Where h has kinks or x is bounded, these are the
/// derivatives along the manifold on which the solution stays for small changes of θ, and H is the identity across it:
/// dx*/dθ = −H⁻¹J holds in all cases.
public protocol SecondDerivatives: Sendable {
  /// The product H·v.
  ///
  /// - Parameter v: p numbers.
  /// - Returns: p numbers.
  func hessianProduct(_ v: [Double]) -> [Double]

  /// The product Jᵀq of the transposed mixed derivatives, p × d, with a vector.
  ///
  /// - Parameter q: p numbers.
  /// - Returns: d numbers.
  func crossTransposeProduct(_ q: [Double]) -> [Double]

  /// An upper bound of the spectral norm ‖J‖ at this point, or nil where none is known.
  var crossNorm: Double? { get }

  /// The whole of H, p × p with at least its lower triangle, or nil where that is out of proportion.
  func denseHessian() -> Matrix?

  /// The solution of H·q = b by a direct method, or nil where the family has none.
  ///
  /// - Throws: `singular` or `notFinite`.
  func solveDirectly(_ b: [Double]) throws(BilevelError) -> [Double]?
}

extension SecondDerivatives {
  /// Nothing is known.
  public var crossNorm: Double? { nil }

  /// Out of proportion.
  public func denseHessian() -> Matrix? { nil }

  /// Cholesky's method on the dense Hessian where there is one.
  public func solveDirectly(_ b: [Double]) throws(BilevelError) -> [Double]? {
    guard let hessian = denseHessian() else { return nil }
    return try solvePositiveDefinite(hessian, b)
  }
}
