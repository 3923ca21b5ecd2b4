/// An endless walk over examples: pass after pass, each in a new random order.
///
/// Batches take what comes next, across the ends of passes, so every example is shown equally often whatever the size
/// of a batch.
package struct ExampleOrder: Equatable, Codable {
  private var order: [Int]
  private var position: Int
  private var stream: SplitMix64

  /// A walk over the examples 0 ..< count.
  package init(count: Int, seed: UInt64) {
    order = Array(0..<count)
    position = count
    stream = SplitMix64(seed: seed, for: .order)
  }

  /// The next example.
  package mutating func next() -> Int {
    if position == order.count {
      stream.shuffle(&order)
      position = 0
    }
    defer { position += 1 }
    return order[position]
  }

  /// The number of examples.
  var count: Int { order.count }

  /// Whether a walk that was read from somewhere shows every example once a pass.
  var isSound: Bool { (0...order.count).contains(position) && order.sorted() == Array(order.indices) }
}
