/// A linear inequality over numeric parameters in natural units: Σ coefficient · value ≤ bound.
///
/// It applies when all its parameters are active.
public struct LinearConstraint: Hashable, Sendable {
  /// The coefficients by parameter name; none is zero.
  public var coefficients: [String: Double]
  /// The right-hand side.
  public var bound: Double
  /// The constraint as the user wrote it.
  public var text: String

  /// Creates Σ coefficient · value ≤ bound.
  public init(_ coefficients: [String: Double], atMost bound: Double) {
    self.coefficients = coefficients.filter { $0.value != 0 }
    self.bound = bound
    let terms = self.coefficients.sorted { $0.key < $1.key }.map { "\($0.value) * \($0.key)" }
    text = terms.joined(separator: " + ") + " <= \(bound)"
  }

  /// The sum of the absolute sizes of all terms: the scale on which rounding errors are judged.
  static func tolerance(_ terms: some Sequence<Double>, _ bound: Double) -> Double {
    1e-9 * terms.reduce(abs(bound)) { $0 + abs($1) }
  }

  /// Whether the parameters satisfy the constraint, or leave one of its parameters inactive.
  ///
  /// Rounding is forgiven: a violation up to 1e-9 of the sum of the terms' sizes counts as none.
  public func isSatisfied(by parameters: Parameters) -> Bool {
    var terms: [Double] = []
    for (name, coefficient) in coefficients {
      guard let value = parameters[name]?.number else { return true }
      terms.append(coefficient * value)
    }
    // Sorted, so that the sum does not depend on the order of a dictionary.
    terms.sort()
    return terms.reduce(0, +) <= bound + Self.tolerance(terms, bound)
  }
}
