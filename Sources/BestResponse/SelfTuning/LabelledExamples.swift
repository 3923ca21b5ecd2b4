public import NumericalMethods

/// Examples as columns, each of a class.
public struct LabelledExamples: Sendable, Equatable {
  /// The examples, numbers × n.
  public let inputs: Matrix
  /// Their classes, from 0.
  public let labels: [Int]

  /// Creates a set.
  ///
  /// - Throws: `invalid` where labels are missing or negative; `notFinite`.
  public init(inputs: Matrix, labels: [Int]) throws(BestResponseError) {
    guard labels.count == inputs.columns, !labels.isEmpty, labels.allSatisfy({ $0 >= 0 }) else {
      throw .invalid("There is a class from 0 for each of at least one example.")
    }
    guard inputs.isFinite else { throw .notFinite("An example") }
    self.inputs = inputs
    self.labels = labels
  }

  /// The number of examples.
  public var count: Int { labels.count }

  /// Some of the examples.
  public func chosen(_ indices: some Collection<Int>) -> (inputs: Matrix, labels: [Int]) {
    (inputs.columns(at: indices), indices.map { labels[$0] })
  }
}
