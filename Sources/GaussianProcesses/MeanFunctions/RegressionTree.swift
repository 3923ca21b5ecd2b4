import NumericalMethods

/// A binary tree with a number at every leaf.
struct RegressionTree: Sendable {
  /// What decides at a node which way a point goes.
  private enum Test {
    /// Left where the feature is no larger than the threshold.
    case feature(Int, threshold: Double)
    /// Left where the categorical dimension of this index has the level.
    case level(Int, Int32)
    /// Nowhere: a leaf.
    case leaf(Double)
  }

  private struct Node {
    var test: Test
    /// The left child; the right one follows it.
    var left = 0
  }

  private var nodes: [Node] = []

  /// Grows a tree on a sample of observations, which may hold some more than once.
  init(_ observations: Observations, sample: [Int], using random: inout some RandomNumberGenerator) {
    let inputs = observations.inputs
    let targets = observations.targets
    let n = inputs.count
    let candidates = inputs.layout.featureCount + inputs.levels.count
    var indices = sample
    var order = Array(0..<candidates)
    nodes = [Node(test: .leaf(0))]
    var open = [(node: 0, range: indices.indices)]
    inputs.features.withUnsafeElements { features in
      func goesLeft(_ test: Test, _ index: Int) -> Bool {
        switch test {
        case .feature(let feature, let threshold): features[feature * n + index] <= threshold
        case .level(let dimension, let level): inputs.levels[dimension][index] == level
        case .leaf: true
        }
      }
      while let (node, range) = open.popLast() {
        let mean = range.reduce(0) { $0 + targets[indices[$1]] / Double(range.count) }
        nodes[node].test = .leaf(mean)
        guard let first = range.first, range.contains(where: { targets[indices[$0]] != targets[indices[first]] })
        else { continue }
        var best: (test: Test, gain: Double)?
        let tried = min(candidates, RandomForest.candidateLimit)
        for position in 0..<tried {
          if tried < candidates { order.swapAt(position, position + random.index(below: candidates - position)) }
          let candidate = order[position]
          let test: Test
          if candidate < inputs.layout.featureCount {
            var (low, high) = (Double.infinity, -Double.infinity)
            for position in range {
              let value = features[candidate * n + indices[position]]
              low = min(low, value)
              high = max(high, value)
            }
            guard low < high else { continue }
            let threshold = low + random.unit() * (high - low)
            test = .feature(candidate, threshold: threshold < high ? threshold : low)
          } else {
            let dimension = candidate - inputs.layout.featureCount
            let levels = Set(range.map { inputs.levels[dimension][indices[$0]] }).sorted()
            guard levels.count > 1 else { continue }
            test = .level(dimension, levels[random.index(below: levels.count)])
          }
          var (left, right) = (0.0, 0.0)
          var leftCount = 0
          for position in range {
            let index = indices[position]
            if goesLeft(test, index) {
              left += targets[index] - mean
              leftCount += 1
            } else {
              right += targets[index] - mean
            }
          }
          // What the squared error falls by.
          let gain = left * left / Double(leftCount) + right * right / Double(range.count - leftCount)
          if gain > best?.gain ?? -.infinity { best = (test, gain) }
        }
        guard let (test, _) = best else { continue }
        let middle = indices[range].partition { !goesLeft(test, $0) }
        nodes[node] = Node(test: test, left: nodes.count)
        open.append((nodes.count + 1, middle..<range.upperBound))
        open.append((nodes.count, range.lowerBound..<middle))
        nodes += [Node(test: .leaf(0)), Node(test: .leaf(0))]
      }
    }
  }

  /// The value at one of m points, whose features [m, p] are given.
  func value(at index: Int, _ features: UnsafeBufferPointer<Double>, _ points: Inputs) -> Double {
    var node = 0
    while true {
      let isLeft: Bool
      switch nodes[node].test {
      case .leaf(let value): return value
      case .feature(let feature, let threshold): isLeft = features[feature * points.count + index] <= threshold
      case .level(let dimension, let level): isLeft = points.levels[dimension][index] == level
      }
      node = nodes[node].left + (isLeft ? 0 : 1)
    }
  }
}
