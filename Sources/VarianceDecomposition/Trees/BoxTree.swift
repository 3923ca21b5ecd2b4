import TuningModel

/// A regression tree whose leaves are boxes of the encoded space.
///
/// A conditional coordinate is divided only in boxes in which it takes part everywhere, so the tree's function does not
/// depend on coordinates that are inactive, as the objective does not.
struct BoxTree: Sendable {
  /// What decides at a node which way a point goes.
  enum Test: Sendable {
    /// Nothing: a leaf.
    case leaf
    /// Left where the coordinate is no larger.
    case threshold(Int, Double)
    /// Left where the value is among these.
    case levels(Int, LevelSet)
  }

  /// A node; its right child follows its left one.
  struct Node: Sendable {
    var test = Test.leaf
    var left = 0
    /// The mean of the targets, or that of the parent where there are none.
    var value: Double
  }

  /// A leaf.
  struct Leaf: Sendable {
    var box: Box
    var value: Double
  }

  var nodes: [Node]
  var leaves: [Leaf]
  /// By how much the divisions along each coordinate have lowered the squared error.
  var gains: [Double]

  /// The value at a place in the columns.
  func value(at index: Int, _ columns: [[Double]]) -> Double {
    var node = 0
    while true {
      switch nodes[node].test {
      case .leaf: return nodes[node].value
      case .threshold(let slot, let threshold): node = nodes[node].left + (columns[slot][index] <= threshold ? 0 : 1)
      case .levels(let slot, let levels):
        node = nodes[node].left + (levels.contains(Int(columns[slot][index])) ? 0 : 1)
      }
    }
  }
}
