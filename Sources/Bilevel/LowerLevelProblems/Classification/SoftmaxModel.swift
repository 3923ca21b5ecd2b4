import NumericalMethods

/// The loss (1/n)·Σ rᵢ·ℓᵢ(W) of a linear model of k classes, where ℓᵢ is the cross-entropy of softmax(aᵢᵀW).
///
/// A is n × f, W is f × k and travels as f·k numbers, column by column.
struct SoftmaxModel: Sendable {
  /// The largest third derivative of log Σexp along a unit vector: the third central moment of a variable of range √2.
  static let thirdDerivative = 2 * 2.0.squareRoot() / (6 * 3.0.squareRoot())

  let design: Matrix
  let labels: [Int]
  let classes: Int
  let bounds: SpectralBounds
  let longestRow: Double

  /// Creates a model.
  ///
  /// - Throws: `invalidData` or `notFinite`.
  init(design: Matrix, labels: [Int], classes: Int, of what: String) throws(BilevelError) {
    try DataChecks.design(design, targets: labels.count, of: what)
    try DataChecks.classes(labels, count: classes)
    self.design = design
    self.labels = labels
    self.classes = classes
    bounds = SpectralBounds(ofGramOf: design)
    longestRow = design.longestRow
  }

  var variableCount: Int { design.columns * classes }

  /// The weights as a matrix, f × k.
  func matrix(_ x: [Double]) -> Matrix { Matrix(rows: design.columns, columns: classes, elements: x) }

  /// The probabilities softmax(AW), n × k, and the loss of each row.
  func predict(_ x: [Double]) -> (probabilities: Matrix, losses: [Double]) {
    softmax(design.multiplying(matrix(x)), labels: labels)
  }

  /// The residuals rᵢ·(Pᵢ − Yᵢ), n × k.
  func residuals(_ probabilities: Matrix, rowWeights: [Double]?) -> Matrix {
    var result = probabilities.subtractingLabels(labels)
    if let rowWeights { result.scaleRows(by: rowWeights) }
    return result
  }

  /// The value factor·Σ rᵢℓᵢ, with its gradient.
  func evaluate(
    at x: [Double], rowWeights: [Double]? = nil, factor: Double, gradient: inout [Double]
  ) -> Double {
    let (probabilities, losses) = predict(x)
    var product = Matrix(rows: design.columns, columns: classes)
    product.gemm(alpha: factor, design, residuals(probabilities, rowWeights: rowWeights), transposing: .left)
    gradient = product.elements
    return factor * (rowWeights.map { dot($0, losses) } ?? losses.reduce(0, +))
  }

  /// The product of the Hessian of factor·Σ rᵢℓᵢ with a vector, from the probabilities at the point.
  func hessianProduct(
    _ v: [Double], probabilities: Matrix, rowWeights: [Double]? = nil, factor: Double
  ) -> [Double] {
    var rows = softmaxSlope(probabilities, along: design.multiplying(matrix(v)))
    if let rowWeights { rows.scaleRows(by: rowWeights) }
    var product = Matrix(rows: design.columns, columns: classes)
    product.gemm(alpha: factor, design, rows, transposing: .left)
    return product.elements
  }

  /// The Hessian of factor·Σ rᵢℓᵢ, f·k × f·k, from the probabilities at the point.
  ///
  /// - Complexity: n·(f·k)²/2 multiplications.
  func denseHessian(probabilities: Matrix, rowWeights: [Double]? = nil, factor: Double) -> Matrix {
    let (n, f) = (design.rows, design.columns)
    var hessian = Matrix(rows: f * classes, columns: f * classes)
    var scaled = design
    var block = Matrix(rows: f, columns: f)
    for k in 0..<classes {
      for l in 0...k {
        var weights = [Double](repeating: 0, count: n)
        for i in 0..<n {
          let p = probabilities[i, k]
          weights[i] = factor * (rowWeights?[i] ?? 1) * (k == l ? p - p * p : -p * probabilities[i, l])
        }
        scaled = design
        scaled.scaleRows(by: weights)
        block.gemm(design, scaled, transposing: .left)
        hessian.setBlock(row: k * f, column: l * f, to: block)
      }
    }
    return hessian
  }
}
