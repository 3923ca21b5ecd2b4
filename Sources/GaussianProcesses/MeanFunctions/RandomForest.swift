import NumericalMethods

/// The mean of a hundred extremely randomised trees, each grown on a bootstrap sample.
///
/// A node is split where that lowers the squared error most, of one random threshold for every feature and one random level
/// (this level or any other) for every categorical dimension, until its targets are the same. Beyond 64 features and
/// dimensions, as many are drawn for each node. The function is piecewise constant.
/// - Complexity: to grow, O(n log n) for each feature and tree; O(log n) for each tree per value.
/// - Source: Geurts, Ernst, Wehenkel 2006, "Extremely randomized trees", section 2; with bootstrap samples as De Ath et al.
package struct RandomForest: MeanFunction {
  private let trees: [RegressionTree]
  private let featureCount: Int

  /// The number of trees.
  package static let treeCount = 100
  /// The most features and categorical dimensions that are tried at a node.
  package static let candidateLimit = 64

  /// Grows a forest on one or more observations.
  package init(fittedTo observations: Observations, using random: inout some RandomNumberGenerator) {
    let n = observations.count
    featureCount = observations.inputs.layout.featureCount
    var trees: [RegressionTree] = []
    for _ in 0..<Self.treeCount {
      let sample = (0..<n).map { _ in random.index(below: n) }
      trees.append(RegressionTree(observations, sample: sample, using: &random))
    }
    self.trees = trees
  }

  /// The values at m points.
  package func values(at points: Inputs) -> [Double] {
    var sums = [Double](repeating: 0, count: points.count)
    points.features.withUnsafeElements { features in
      for tree in trees {
        for i in sums.indices { sums[i] += tree.value(at: i, features, points) / Double(trees.count) }
      }
    }
    return sums
  }

  /// Zeros, since the function is piecewise constant.
  package func featureGradient(at point: Inputs) -> [Double] { Array(repeating: 0, count: featureCount) }
}

extension RandomNumberGenerator {
  /// A random index below a positive count, from one output.
  mutating func index(below count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }

  /// A random number in [0, 1), from one output.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
