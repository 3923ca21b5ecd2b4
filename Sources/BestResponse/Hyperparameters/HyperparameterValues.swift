package import NumericalMethods

/// The hyperparameters of each example of a batch, in their own units.
public struct HyperparameterValues: Sendable, Equatable {
  /// The number of examples N.
  public let examples: Int
  private let values: Matrix?

  /// The same for all examples.
  public init(_ values: [Double], examples: Int) {
    self.examples = examples
    self.values = Matrix(rows: values.count, columns: examples, elements: (0..<examples).flatMap { _ in values })
  }

  /// One column for each example.
  package init(_ values: Matrix) {
    examples = values.columns
    self.values = values
  }

  /// Hyperparameter `index` of each example.
  func row(_ index: Int) -> [Double] { values?.row(index) ?? [Double](repeating: 0, count: examples) }
}
