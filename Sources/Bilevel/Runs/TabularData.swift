import NumericalMethods

/// A table of numbers with a target for each row.
public struct TabularData: Sendable {
  /// The columns that predict, by name.
  public var features: [String]
  /// The rows, each with a number for each feature.
  public var rows: [[Double]]
  /// The targets: numbers, or of classes their positions in `classes`.
  public var targets: [Double]
  /// The names of the classes, in order; none for regression.
  public var classes: [String]

  /// Creates a table; all rows have a number for each feature.
  public init(features: [String], rows: [[Double]], targets: [Double], classes: [String] = []) {
    precondition(rows.count == targets.count, "There is one target for each row")
    precondition(rows.allSatisfy { $0.count == features.count }, "There is one number for each feature")
    self.features = features
    self.rows = rows
    self.targets = targets
    self.classes = classes
  }

  /// The classes of some rows.
  func labels(_ chosen: [Int]) -> [Int] { chosen.map { Int(targets[$0]) } }

  /// The first two classes of some rows as −1 and 1.
  func signs(_ chosen: [Int]) -> [Double] { chosen.map { 2 * targets[$0] - 1 } }
}

/// How columns are moved and scaled, from training rows alone.
struct Standardisation: Sendable {
  private let features: [(mean: Double, deviation: Double)]
  private let target: (mean: Double, deviation: Double)
  private let hasBias: Bool

  /// Learns from the training rows; a column without spread keeps its scale.
  init(_ data: TabularData, training: [Int], isOn: Bool, divisor: Double, regression: Bool, bias: Bool) {
    features = data.features.indices.map { j in
      isOn ? Self.scale(training.map { data.rows[$0][j] }) : (0, divisor)
    }
    target = isOn && regression ? Self.scale(training.map { data.targets[$0] }) : (0, 1)
    hasBias = bias
  }

  private static func scale(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    let deviation = variance.squareRoot()
    return (mean, deviation > 1e-12 * max(1, mean.magnitude) ? deviation : 1)
  }

  func design(_ data: TabularData, _ chosen: [Int]) -> Matrix {
    let columns = features.count + (hasBias ? 1 : 0)
    var matrix = Matrix(rows: chosen.count, columns: columns, repeating: 1)
    for (j, scale) in features.enumerated() {
      matrix.setColumn(j, to: chosen.map { (data.rows[$0][j] - scale.mean) / scale.deviation })
    }
    return matrix
  }

  func targets(_ data: TabularData, _ chosen: [Int]) -> [Double] {
    chosen.map { (data.targets[$0] - target.mean) / target.deviation }
  }
}
