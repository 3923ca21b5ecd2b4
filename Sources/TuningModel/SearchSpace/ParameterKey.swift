/// A parameter with the Swift type of its values, so that a program reads them without casts.
///
/// ```swift
/// let rate = ParameterKey.float("lr", 1e-5...0.1, scale: .log)
/// let layers = ParameterKey.int("layers", 1...8)
/// let optimizer = ParameterKey.choice("optimizer", of: Optimizer.self)
/// let space = try SearchSpace([rate.parameter, layers.parameter, optimizer.parameter])
/// let network = Network(layers: try trial.value(layers), rate: try trial.value(rate))
/// ```
public struct ParameterKey<Value: Sendable>: Sendable {
  /// The parameter.
  public var parameter: Parameter
  private let read: @Sendable (ParameterValue) -> Value?

  /// Creates a key.
  ///
  /// - Parameters:
  ///   - parameter: the parameter.
  ///   - read: the value of Swift's that a value of the domain stands for; `nil` where there is none.
  public init(_ parameter: Parameter, read: @escaping @Sendable (ParameterValue) -> Value?) {
    self.parameter = parameter
    self.read = read
  }

  /// The name.
  public var name: String { parameter.name }

  /// The key of a parameter that takes part only under a condition.
  public func when(_ condition: Condition) -> ParameterKey {
    var key = self
    key.parameter.condition = condition
    return key
  }

  /// The value among these; `nil` where the parameter is inactive.
  public func value(in parameters: Parameters) -> Value? { parameters[name].flatMap(read) }
}

extension ParameterKey<Double> {
  /// A real number.
  public static func float(
    _ name: String, _ range: ClosedRange<Double>, scale: Scale = .linear, step: Double? = nil,
    default defaultValue: Double? = nil
  ) -> ParameterKey {
    ParameterKey(
      Parameter(
        name, .float(FloatDomain(range.lowerBound, range.upperBound, scale: scale, step: step)),
        default: defaultValue.map(ParameterValue.float))
    ) { $0.number }
  }
}

extension ParameterKey<[Double]> {
  /// A vector of real numbers in one interval.
  public static func vector(
    _ name: String, _ range: ClosedRange<Double>, size: Int, scale: Scale = .linear
  ) -> ParameterKey {
    ParameterKey(Parameter(name, .float(FloatDomain(range.lowerBound, range.upperBound, scale: scale, size: size)))) {
      if case .vector(let numbers) = $0 { numbers } else { nil }
    }
  }
}

extension ParameterKey<Int> {
  /// A whole number.
  public static func int(
    _ name: String, _ range: ClosedRange<Int>, scale: Scale = .linear, step: Int = 1, default defaultValue: Int? = nil
  ) -> ParameterKey {
    ParameterKey(
      Parameter(
        name, .int(IntDomain(range.lowerBound, range.upperBound, scale: scale, step: step)),
        default: defaultValue.map(ParameterValue.int))
    ) { if case .int(let number) = $0 { number } else { nil } }
  }
}

extension ParameterKey<Bool> {
  /// False or true.
  public static func bool(_ name: String, default defaultValue: Bool? = nil) -> ParameterKey {
    ParameterKey(Parameter(name, .bool, default: defaultValue.map(ParameterValue.bool))) {
      if case .bool(let flag) = $0 { flag } else { nil }
    }
  }
}

extension ParameterKey where Value: CaseIterable & RawRepresentable<String> {
  /// One of the cases of an enumeration, without an order.
  public static func choice(
    _ name: String, of type: Value.Type, default defaultValue: Value? = nil
  ) -> ParameterKey {
    ParameterKey(
      Parameter(
        name, .categorical(Value.allCases.map { .string($0.rawValue) }),
        default: defaultValue.map { .string($0.rawValue) })
    ) { if case .string(let text) = $0 { Value(rawValue: text) } else { nil } }
  }
}

extension HeldTrial {
  /// The value of a parameter that takes part in every trial.
  ///
  /// - Throws: `invalid` where the trial does not have it, or the study's parameter is of another type than the key's.
  public func value<Value>(_ key: ParameterKey<Value>) throws(StudyError) -> Value {
    if let value = key.value(in: parameters) { return value }
    throw StudyError(
      .invalid, "Trial \(number) of the study \"\(study)\" has no value of \(key.name) that is of the key's type.")
  }

  /// The value of a parameter; `nil` where it is inactive.
  public subscript<Value>(key: ParameterKey<Value>) -> Value? { key.value(in: parameters) }
}
