public import TuningModel

/// How a run in process is set.
public struct BilevelRunSettings: Sendable {
  /// Whether the error of gradients is tested against a proven bound.
  public enum Certify: String, Hashable, Sendable, CaseIterable {
    /// Tested; where the bound proves too loose to go on, the run goes on without.
    case auto
    /// Tested; where the bound proves too loose the run ends at its accuracy floor.
    case on
    /// Not tested.
    case off
  }

  /// Where solutions of the lower level start.
  public enum WarmStart: String, Hashable, Sendable, CaseIterable {
    /// From that of a trial before, which the tuner names.
    case previous
    /// Anew each time.
    case cold
  }

  /// The tuner; nil for `hypergradient` where the family is solved directly and `maid` elsewhere.
  public var tuner: String?
  /// The tuner's options beyond what the problem itself tells.
  public var options: [String: JSONValue] = [:]
  /// Whether gradients are certified; of the tuner `maid`.
  public var certify = Certify.auto
  /// Where solutions start.
  public var warmStart = WarmStart.previous
  /// The inner solver.
  public var method = InnerMethod.auto
  /// Where θ starts; nil for the problem's own start.
  public var start: [Double]?
  /// The box of every θ; nil for the problem's own boxes.
  public var range: ClosedRange<Double>?
  /// The seed of methods that draw.
  public var seed: UInt64 = 1
  /// The most inner steps (gradients of h); the solution under way is finished.
  public var maximumInnerSteps: Int?
  /// The most products with Hessians; likewise.
  public var maximumHessianProducts: Int?
  /// The most answers.
  public var maximumAnswers = 100_000

  /// Creates settings with defaults.
  public init() {}
}
