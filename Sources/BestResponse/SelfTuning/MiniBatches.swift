import TuningModel

/// Batches of so many indices, in an order that is drawn anew for each pass through the examples.
///
/// The order of a pass is a function of the seed and the number of the pass, so that nothing of it needs to be saved.
struct MiniBatches: Sendable {
  let count, size: Int
  let seed: StudySeed
  /// Tells training from validation.
  let purpose: RandomStream.Purpose
  private var pass = -1
  private var order: [Int] = []

  init(count: Int, size: Int, seed: StudySeed, purpose: RandomStream.Purpose) {
    self.count = count
    self.size = min(size, count)
    self.seed = seed
    self.purpose = purpose
  }

  /// Batch number `index`; what is left at the end of a pass makes no batch.
  mutating func batch(_ index: Int) -> [Int] {
    let perPass = count / size
    if pass != index / perPass {
      pass = index / perPass
      var random = RandomStream(seed: seed, trial: pass, purpose: purpose)
      order = Array(0..<count).shuffled(using: &random)
    }
    let first = index % perPass * size
    return Array(order[first..<first + size])
  }
}
