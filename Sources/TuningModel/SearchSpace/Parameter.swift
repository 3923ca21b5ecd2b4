/// One dimension of a search space.
public struct Parameter: Hashable, Sendable {
  /// The name, unique in its space.
  public var name: String
  /// The values it may take.
  public var domain: Domain
  /// When it takes part; `nil` for always.
  public var condition: Condition?
  /// The value that the user would choose without tuning; the study's first trial takes it.
  public var defaultValue: ParameterValue?

  /// Creates a parameter; whether it makes sense is checked by `SearchSpace`.
  public init(
    _ name: String, _ domain: Domain, when condition: Condition? = nil, default defaultValue: ParameterValue? = nil
  ) {
    self.name = name
    self.domain = domain
    self.condition = condition
    self.defaultValue = defaultValue
  }
}

/// When a parameter takes part: every named parent is active and has one of the values listed for it.
///
/// A parent may be conditional itself, so conditions nest to any depth.
public struct Condition: Hashable, Sendable {
  /// The values that activate the parameter, by the parent's name.
  ///
  /// Parents have levels: bool, categorical, ordinal, int.
  public var values: [String: [ParameterValue]]

  /// Creates a condition on several parents, all of which must hold.
  public init(_ values: [String: [ParameterValue]]) { self.values = values }

  /// Creates a condition on one parent.
  public init(_ parent: String, isOneOf values: [ParameterValue]) { self.values = [parent: values] }

  /// Whether the condition holds for these parameters, from which inactive ones are absent.
  public func holds(for parameters: Parameters) -> Bool {
    values.allSatisfy { parent, allowed in
      parameters[parent].map(allowed.contains) ?? false
    }
  }
}
