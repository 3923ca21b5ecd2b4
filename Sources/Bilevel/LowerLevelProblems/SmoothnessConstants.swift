/// Bounds on a lower-level objective h that certificates and step sizes rest on, at one θ and for all x.
///
/// Each is nil where no true bound is known. A bound that is not true voids every certificate made with it.
public struct SmoothnessConstants: Hashable, Sendable {
  /// μ > 0 with ∇²h ⪰ μI, so that ‖x − x*‖ ≤ ‖∇h(x)‖/μ.
  public var strongConvexity: Double?

  /// L with ∇²h ⪯ LI.
  public var smoothness: Double?

  /// L_H, the Lipschitz constant of x ↦ ∇²h; 0 for a quadratic h.
  public var hessianLipschitz: Double?

  /// L_J, the Lipschitz constant of x ↦ J.
  public var crossLipschitz: Double?

  /// L_{H⁻¹}, the Lipschitz constant of x ↦ (∇²h)⁻¹; 0 for a quadratic h, at most L_H/μ² in general.
  public var inverseHessianLipschitz: Double?

  /// Creates constants; what is left out is unknown, but L_{H⁻¹} follows from L_H and μ where both are known.
  public init(
    strongConvexity: Double? = nil, smoothness: Double? = nil, hessianLipschitz: Double? = nil,
    crossLipschitz: Double? = nil, inverseHessianLipschitz: Double? = nil
  ) {
    // A penalty that underflowed certifies nothing.
    let strongConvexity = strongConvexity.flatMap { $0 > 0 ? $0 : nil }
    self.strongConvexity = strongConvexity
    self.smoothness = smoothness
    self.hessianLipschitz = hessianLipschitz
    self.crossLipschitz = crossLipschitz
    if let inverseHessianLipschitz {
      self.inverseHessianLipschitz = inverseHessianLipschitz
    } else if hessianLipschitz == 0 {
      self.inverseHessianLipschitz = 0
    } else if let hessianLipschitz, let strongConvexity {
      self.inverseHessianLipschitz = hessianLipschitz / (strongConvexity * strongConvexity)
    }
  }

  /// Nothing is known.
  public static let unknown = SmoothnessConstants()
}
