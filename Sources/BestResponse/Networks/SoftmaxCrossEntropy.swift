import Foundation
public import NumericalMethods

/// The cross-entropy of scores and labels.
public enum SoftmaxCrossEntropy {
  /// The loss of each example, and the gradient of their mean by the scores.
  ///
  /// - Parameters:
  ///   - scores: classes × N.
  ///   - labels: N classes.
  ///   - smoothing: of each example the share of its label that is spread over all classes; nil for none.
  public static func evaluate(
    _ scores: Matrix, _ labels: [Int], smoothing: [Double]? = nil
  ) -> (losses: [Double], gradient: Matrix) {
    let (classes, n) = (scores.rows, scores.columns)
    precondition(labels.count == n && labels.allSatisfy { $0 >= 0 && $0 < classes }, "There is a label for each column")
    var losses = [Double](repeating: 0, count: n)
    var gradient = scores
    gradient.withUnsafeMutableElements { g in
      for (j, label) in labels.enumerated() {
        let column = j * classes..<(j + 1) * classes
        var most = -Double.infinity
        for i in column { most = max(most, g[i]) }
        var sum = 0.0
        for i in column { sum += exp(g[i] - most) }
        let logSum = most + log(sum)
        let share = smoothing?[j] ?? 0
        var mean = 0.0
        if share != 0 { for i in column { mean += g[i] / Double(classes) } }
        losses[j] = logSum - (1 - share) * g[column.lowerBound + label] - share * mean
        for i in column {
          let target = (i == column.lowerBound + label ? 1 - share : 0) + share / Double(classes)
          g[i] = (exp(g[i] - logSum) - target) / Double(n)
        }
      }
    }
    return (losses, gradient)
  }

  /// The share of examples whose greatest score is of another class.
  public static func error(_ scores: Matrix, _ labels: [Int]) -> Double {
    let wrong = labels.indices.count { j in (0..<scores.rows).max { scores[$0, j] < scores[$1, j] } != labels[j] }
    return Double(wrong) / Double(max(1, labels.count))
  }
}
