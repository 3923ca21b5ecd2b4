import Foundation

/// The values that a parameter may take.
public enum Domain: Hashable, Sendable {
  /// Real numbers in an interval, or vectors of them.
  case float(FloatDomain)
  /// Whole numbers in an interval.
  case int(IntDomain)
  /// False and true.
  case bool
  /// Values with an order; neighbours are alike.
  case ordinal([ParameterValue])
  /// Values without an order.
  case categorical([ParameterValue])
}

/// Real numbers from `low` to `high`, both included.
public struct FloatDomain: Hashable, Sendable {
  /// The bounds, in natural units.
  public var low, high: Double
  /// How the interval is laid over the unit interval.
  public var scale: Scale
  /// Where set, only `low + k · step` is taken.
  public var step: Double?
  /// Where set, the parameter is a vector of so many components, each in this domain.
  public var size: Int?

  /// Creates a domain; whether it makes sense is checked by `SearchSpace`.
  public init(_ low: Double, _ high: Double, scale: Scale = .linear, step: Double? = nil, size: Int? = nil) {
    (self.low, self.high, self.scale, self.step, self.size) = (low, high, scale, step, size)
  }
}

/// Whole numbers `low`, `low + step`, … up to `high`.
public struct IntDomain: Hashable, Sendable {
  /// The bounds, in natural units.
  public var low, high: Int
  /// How the interval is laid over the unit interval.
  public var scale: Scale
  /// The distance of neighbours.
  public var step: Int

  /// Creates a domain; whether it makes sense is checked by `SearchSpace`.
  public init(_ low: Int, _ high: Int, scale: Scale = .linear, step: Int = 1) {
    (self.low, self.high, self.scale, self.step) = (low, high, scale, step)
  }
}

extension Domain {
  /// The number of distinct values, or `nil` for a continuum.
  public var levelCount: Int? {
    switch self {
    case .float(let domain):
      // A step that divides the interval up to rounding reaches its end.
      domain.low == domain.high
        ? 1 : domain.step.map { Int(((domain.high - domain.low) / $0 + 1e-9).rounded(.down)) + 1 }
    case .int(let domain): (domain.high - domain.low) / domain.step + 1
    case .bool: 2
    case .ordinal(let values), .categorical(let values): values.count
    }
  }

  /// The value of a level, counted from 0.
  ///
  /// - Precondition: the domain has levels, and this one.
  public func value(atLevel level: Int) -> ParameterValue {
    switch self {
    case .float(let domain):
      precondition(domain.step != nil || domain.low == domain.high, "a continuum has no levels")
      return .float(min(domain.low + Double(level) * (domain.step ?? 0), domain.high))
    case .int(let domain): return .int(domain.low + level * domain.step)
    case .bool: return .bool(level == 1)
    case .ordinal(let values), .categorical(let values): return values[level]
    }
  }

  /// The level that holds `value`, or `nil` where the domain has no levels or not this one.
  public func level(of value: ParameterValue) -> Int? {
    switch (self, value) {
    case (.float(let domain), .float(let number)):
      guard let count = levelCount, number.isFinite else { return nil }
      let step = domain.step ?? 1
      let level = ((number - domain.low) / step).rounded()
      // 0.3 is the third level of step 0.1, though 3 * 0.1 is not 0.3.
      guard level >= 0, level < Double(count), abs(domain.low + level * step - number) <= 1e-6 * step else {
        return nil
      }
      return Int(level)
    case (.int(let domain), .int(let number)):
      guard number >= domain.low, number <= domain.high else { return nil }
      let (level, rest) = (number - domain.low).quotientAndRemainder(dividingBy: domain.step)
      return rest == 0 ? level : nil
    case (.bool, .bool(let flag)): return flag ? 1 : 0
    case (.ordinal(let values), _), (.categorical(let values), _): return values.firstIndex(of: value)
    default: return nil
    }
  }

  /// The value of this domain that `value` stands for, or `nil` where there is none: whole numbers are taken for
  /// floats and integral floats for ints, and a float within rounding of a grid's level becomes that level.
  public func canonical(_ value: ParameterValue) -> ParameterValue? {
    switch (self, value) {
    case (.float(let domain), .vector(let numbers)):
      guard let size = domain.size, numbers.count == size else { return nil }
      let component = Domain.float(FloatDomain(domain.low, domain.high, scale: domain.scale, step: domain.step))
      let canonical = numbers.compactMap { component.canonical(.float($0))?.number }
      return canonical.count == size ? .vector(canonical) : nil
    case (.float(let domain), _):
      guard domain.size == nil, let number = value.number else { return nil }
      // The last level may lie beyond the end by a rounding, so levels judge for themselves.
      if levelCount != nil { return level(of: .float(number)).map(self.value(atLevel:)) }
      return number >= domain.low && number <= domain.high ? .float(number) : nil
    case (.int, .float(let number)):
      return Int(exactly: number).flatMap { level(of: .int($0)) }.map(self.value(atLevel:))
    default:
      return level(of: value).map(self.value(atLevel:))
    }
  }

  /// Whether all values are real numbers, so that they may stand in a parameter constraint.
  public var isNumeric: Bool {
    switch self {
    case .float(let domain): domain.size == nil
    case .int: true
    case .ordinal(let values): values.allSatisfy { $0.number != nil }
    case .bool, .categorical: false
    }
  }

  /// The name of the domain's type on the wire.
  public var typeName: String {
    switch self {
    case .float: "float"
    case .int: "int"
    case .bool: "bool"
    case .ordinal: "ordinal"
    case .categorical: "categorical"
    }
  }
}

extension FloatDomain {
  /// One component's value at a coordinate; of a grid never beyond its end, as `value(atLevel:)` has it.
  func component(at coordinate: Double, _ kind: Slot.Kind) -> Double { min(kind.value(at: coordinate), high) }
}
