import Foundation

/// A hyperparameter with the range of its values and the unbounded coordinate λ that it is tuned by.
public struct TunedHyperparameter: Hashable, Sendable, Codable {
  /// How λ becomes the value.
  public enum Transformation: Hashable, Sendable, Codable {
    /// λ itself.
    case identity
    /// e^λ.
    case exponential
    /// A logistic curve from `low` to `high`.
    case interval(low: Double, high: Double)
    /// e to a logistic curve from the logarithm of `low`, which is above 0, to that of `high`.
    case logInterval(low: Double, high: Double)
    /// The same, rounded down to a whole number from `low` to `high`; it has no derivative and needs none.
    case whole(low: Int, high: Int)
  }

  /// The name.
  public var name: String
  /// How λ becomes the value.
  public var transformation: Transformation
  /// The value to begin with.
  public var start: Double

  /// Creates a hyperparameter.
  public init(_ name: String, _ transformation: Transformation, start: Double) {
    self.name = name
    self.transformation = transformation
    self.start = start
  }

  /// The value at λ.
  public func value(at lambda: Double) -> Double {
    switch transformation {
    case .identity: lambda
    case .exponential: exp(lambda)
    case .interval(let low, let high): min(high, low + (high - low) * Self.logistic(lambda))
    case .logInterval(let low, let high):
      min(high, max(low, exp(log(low) + (log(high) - log(low)) * Self.logistic(lambda))))
    case .whole(let low, let high):
      min(Double(high), (Double(low) + Double(high - low + 1) * Self.logistic(lambda)).rounded(.down))
    }
  }

  /// The λ that stands for a value; for a whole number the middle of those that do.
  ///
  /// Values at the ends of an interval, which no λ stands for, are moved inside by a millionth of its width.
  public func coordinate(of value: Double) -> Double {
    switch transformation {
    case .identity: value
    case .exponential: log(value)
    case .interval(let low, let high): Self.logit((value - low) / (high - low))
    case .logInterval(let low, let high): Self.logit((log(value) - log(low)) / (log(high) - log(low)))
    case .whole(let low, let high): Self.logit((value + 0.5 - Double(low)) / Double(high - low + 1))
    }
  }

  /// Refuses what makes no hyperparameter.
  ///
  /// - Throws: `invalid` where the range is empty or the start lies outside of it.
  public func check() throws(BestResponseError) {
    let isSound =
      switch transformation {
      case .identity: start.isFinite
      case .exponential: start > 0 && start.isFinite
      case .interval(let low, let high): low < high && (high - low).isFinite && low <= start && start <= high
      case .logInterval(let low, let high): 0 < low && low < high && high.isFinite && low <= start && start <= high
      case .whole(let low, let high):
        low < high && Double(low) <= start && start <= Double(high) && high - low < 1 << 50
      }
    guard isSound else { throw .invalid("\(name) has an empty range, or starts outside of it.") }
  }

  private static func logistic(_ x: Double) -> Double { x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) }

  private static func logit(_ share: Double) -> Double {
    let inside = min(max(share, 1e-6), 1 - 1e-6)
    return log(inside) - log1p(-inside)
  }
}
