import Foundation
import NumericalMethods

/// The probabilities softmax(S) of the rows of scores S, n × k, and the cross-entropy of each row.
func softmax(_ scores: Matrix, labels: [Int]) -> (probabilities: Matrix, losses: [Double]) {
  let (n, classes) = (scores.rows, scores.columns)
  var scores = scores
  var losses = [Double](repeating: 0, count: n)
  scores.withUnsafeMutableElements { scores in
    for i in 0..<n {
      var greatest = scores[i]
      for k in 1..<classes { greatest = max(greatest, scores[i + k * n]) }
      let own = scores[i + labels[i] * n]
      var sum = 0.0
      for k in 0..<classes {
        let e = exp(scores[i + k * n] - greatest)
        scores[i + k * n] = e
        sum += e
      }
      for k in 0..<classes { scores[i + k * n] /= sum }
      losses[i] = log(sum) + greatest - own
    }
  }
  return (scores, losses)
}

/// The change P∘(U − rowsum(P∘U)) of softmax probabilities P when the scores change by U.
func softmaxSlope(_ probabilities: Matrix, along scores: Matrix) -> Matrix {
  let (n, classes) = (scores.rows, scores.columns)
  var slope = scores
  slope.withUnsafeMutableElements { u in
    probabilities.withUnsafeElements { p in
      for i in 0..<n {
        var mean = 0.0
        for k in 0..<classes { mean += p[i + k * n] * u[i + k * n] }
        for k in 0..<classes { u[i + k * n] = p[i + k * n] * (u[i + k * n] - mean) }
      }
    }
  }
  return slope
}

extension Matrix {
  /// The matrix less 1 in each row at the column of its label.
  func subtractingLabels(_ labels: [Int]) -> Matrix {
    var result = self
    let n = rows
    result.withUnsafeMutableElements { result in
      for i in 0..<n { result[i + labels[i] * n] -= 1 }
    }
    return result
  }
}
