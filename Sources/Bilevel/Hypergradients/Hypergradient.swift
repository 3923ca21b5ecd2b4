/// An estimate of ∇f(θ) = ∇θg − JᵀH⁻¹∇ₓg, with what it rests on.
public struct Hypergradient: Hashable, Sendable {
  /// The estimate z, d numbers.
  public var gradient: [Double]

  /// The value g(x, θ) at the point used.
  public var value: Double

  /// The point x used, p numbers; of unrolled methods the last iterate.
  public var x: [Double]

  /// The adjoint q ≈ H⁻¹∇ₓg, p numbers, to start the next one from; nil for unrolled methods.
  public var adjoint: [Double]?

  /// The norm ‖∇ₓg‖ at the point.
  public var upperGradientNorm: Double

  /// δ̂ = ‖Hq − ∇ₓg‖; nil for unrolled methods.
  public var adjointResidual: Double?

  /// An upper bound of ‖J‖ at the point, or nil where none is known.
  public var crossNorm: Double?

  /// What the estimate cost, without the solution of the lower level.
  public var cost: SolveCost
}
