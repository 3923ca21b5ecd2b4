/// Which way a metric is optimised.
public enum Goal: String, Hashable, Sendable, CaseIterable {
  case minimise = "minimize"
  case maximise = "maximize"
}

/// A metric to optimise.
///
/// Everything inside minimises; `cost(of:)` is the one place where a sign is turned.
public struct Objective: Hashable, Sendable {
  /// The name of the metric.
  public var metric: String
  /// Which way it is optimised.
  public var goal: Goal

  /// Creates an objective.
  public init(_ metric: String, _ goal: Goal) {
    self.metric = metric
    self.goal = goal
  }

  /// The value to minimise for a value of the metric.
  public func cost(of value: Double) -> Double { goal == .minimise ? value : -value }

  /// The value of the metric that `cost(of:)` turned into this.
  public func value(ofCost cost: Double) -> Double { goal == .minimise ? cost : -cost }
}

/// A metric that has to stay within a bound for a trial to count as good.
public struct OutcomeConstraint: Hashable, Sendable {
  /// The name of the metric.
  public var metric: String
  /// The bound, in the metric's units.
  public var bound: Bound

  /// On which side of a number the metric has to stay; the number itself is allowed.
  public enum Bound: Hashable, Sendable {
    case atMost(Double)
    case atLeast(Double)
  }

  /// Creates a constraint.
  public init(_ metric: String, _ bound: Bound) {
    self.metric = metric
    self.bound = bound
  }

  /// Whether these metrics satisfy the constraint; a missing or NaN metric does not.
  public func isSatisfied(by metrics: [String: Double]) -> Bool {
    guard let value = metrics[metric] else { return false }
    return switch bound {
    case .atMost(let bound): value <= bound
    case .atLeast(let bound): value >= bound
    }
  }
}
