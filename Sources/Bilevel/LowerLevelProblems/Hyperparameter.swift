import Foundation

/// One coordinate of θ: its name, what it stands for, and the box to search it in.
public struct Hyperparameter: Hashable, Sendable {
  /// How the coordinate θ becomes the number a user thinks of.
  public enum Transform: String, Hashable, Sendable, CaseIterable {
    /// The number is θ itself.
    case identity
    /// The number is e^θ.
    case log
    /// The number is 10^θ.
    case log10
    /// The number is 1/(1 + e^−θ).
    case logit
  }

  /// The name, unique within a problem.
  public var name: String

  /// How θ becomes the number it stands for.
  public var transform: Transform

  /// The box of θ to search unless told otherwise, in the coordinate θ.
  public var range: ClosedRange<Double>

  /// Where to start unless told otherwise, in the coordinate θ.
  public var start: Double

  /// Creates a description; the start lies within the range.
  public init(_ name: String, _ transform: Transform, range: ClosedRange<Double>, start: Double) {
    precondition(range.contains(start), "A start lies within its range")
    self.name = name
    self.transform = transform
    self.range = range
    self.start = start
  }

  /// The number that a coordinate stands for.
  public func value(at theta: Double) -> Double {
    switch transform {
    case .identity: theta
    case .log: exp(theta)
    case .log10: pow(10, theta)
    case .logit: logistic(theta)
    }
  }

  /// The coordinate that stands for a number: infinite or NaN outside the transform's domain.
  public func coordinate(of value: Double) -> Double {
    switch transform {
    case .identity: value
    case .log: Foundation.log(value)
    case .log10: Foundation.log10(value)
    case .logit: Foundation.log(value) - Foundation.log1p(-value)
    }
  }

  /// The derivative of the number by its coordinate, to turn a gradient by the one into one by the other.
  public func slope(at theta: Double) -> Double {
    switch transform {
    case .identity: 1
    case .log: exp(theta)
    case .log10: pow(10, theta) * Foundation.log(10)
    case .logit: logistic(theta) * logistic(-theta)
    }
  }
}
