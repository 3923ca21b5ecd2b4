/// Where a minimisation ended, and why.
public struct MinimisationResult: Sendable, Equatable {
  /// Why a minimisation ended.
  public enum Termination: String, Sendable, Equatable, Codable {
    /// The projected gradient fell below its tolerance.
    case gradientTolerance

    /// An iteration lowered the value by less than its tolerance.
    case valueTolerance

    /// The iterations allowed were used up.
    case iterationLimit

    /// The evaluations allowed were used up.
    case evaluationLimit

    /// No lower value could be found along a descent direction: rounding, a discontinuity or a wrong gradient.
    case noProgress

    /// The start, its value or its gradient is not finite, so there is nothing to descend from.
    case notFiniteAtStart
  }

  /// The best point found, within the bounds.
  public let point: [Double]

  /// The objective at `point`; NaN when the start itself was not finite and so never evaluated.
  public let value: Double

  /// The largest coordinate of the projected gradient at `point`.
  public let gradientNorm: Double

  /// The number of steps accepted.
  public let iterations: Int

  /// The number of calls of the objective.
  public let evaluations: Int

  /// Why the minimisation ended.
  public let termination: Termination

  /// Whether a tolerance was met.
  public var hasConverged: Bool { termination == .gradientTolerance || termination == .valueTolerance }
}
