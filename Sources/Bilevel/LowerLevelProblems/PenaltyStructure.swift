import Foundation

/// Which weights share a quadratic penalty e^θ.
public enum PenaltyStructure: Hashable, Sendable {
  /// One penalty for all weights.
  case shared
  /// A penalty for each group: for each weight the number of its group, from 0 without gaps.
  case grouped([Int])
  /// A penalty of its own for each weight.
  case perWeight
}

/// The penalty ½·κ·Σⱼ e^{θ_{g(j)}}·xⱼ² of p weights in groups g.
struct QuadraticPenalty: Hashable, Sendable {
  /// The group of each weight.
  let groups: [Int]
  /// The number d of groups.
  let count: Int
  /// The factor κ.
  let curvature: Double

  /// Creates a penalty for p weights.
  ///
  /// - Throws: `invalidData` when the groups do not fit the weights.
  init(_ structure: PenaltyStructure, weights p: Int, curvature: Double = 1) throws(BilevelError) {
    self.curvature = curvature
    switch structure {
    case .shared:
      groups = [Int](repeating: 0, count: p)
      count = 1
    case .perWeight:
      groups = Array(0..<p)
      count = p
    case .grouped(let assignment):
      guard assignment.count == p else {
        throw .invalidData("There are \(p) weights but \(assignment.count) numbers of groups.")
      }
      let used = Set(assignment)
      count = used.count
      guard used == Set(0..<count) else { throw .invalidData("Groups are numbered from 0 without gaps.") }
      groups = assignment
    }
  }

  /// One logarithmic hyperparameter for each group.
  func hyperparameters(range: ClosedRange<Double> = -12...6) -> [Hyperparameter] {
    let start = min(max(0, range.lowerBound), range.upperBound)
    return (0..<count).map {
      Hyperparameter(count == 1 ? "penalty" : "penalty_\($0)", .log, range: range, start: start)
    }
  }

  /// The curvature κ·e^θ for each weight, p numbers.
  func weights(_ theta: [Double]) -> [Double] {
    precondition(theta.count == count, "There is one penalty for each group")
    let factors = theta.map { curvature * exp($0) }
    return groups.map { factors[$0] }
  }

  /// Adds the gradient of the penalty and returns its value.
  func add(at x: [Double], weights: [Double], to gradient: inout [Double]) -> Double {
    var sum = 0.0
    for j in x.indices {
      let slope = weights[j] * x[j]
      gradient[j] += slope
      sum += slope * x[j]
    }
    return sum / 2
  }

  /// The derivatives of the penalty by θ.
  func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    crossTransposeProduct(slopes: slopes(at: x, weights: weights(theta)), x).map { $0 / 2 }
  }

  /// The derivative of the penalty by each weight, which is also the one element of its row in J.
  func slopes(at x: [Double], weights: [Double]) -> [Double] { x.indices.map { weights[$0] * x[$0] } }

  /// The product Jᵀq: slopes times q, summed over each group.
  func crossTransposeProduct(slopes: [Double], _ q: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for j in q.indices { sums[groups[j]] += slopes[j] * q[j] }
    return sums
  }

  /// The norm ‖J‖: the columns of J do not overlap, so it is the largest of theirs.
  func crossNorm(slopes: [Double]) -> Double {
    var squares = [Double](repeating: 0, count: count)
    for j in slopes.indices { squares[groups[j]] += slopes[j] * slopes[j] }
    return (squares.max() ?? 0).squareRoot()
  }
}
