import BayesianOptimization
import TestSupport
import Testing

@Suite("Storage that copies share")
struct SharedStorageTests {
  @Test("A chunked array holds what an array would, and a copy stays as it was")
  func chunkedArray() {
    var random = SplitMix64(seed: 1)
    var (array, chunked) = ([Int](), ChunkedArray<Int>())
    var copies: [(array: [Int], chunked: ChunkedArray<Int>)] = []
    for step in 0..<3_000 {
      array.append(step)
      chunked.append(step)
      let position = array.indices.randomElement(using: &random) ?? 0
      array[position] = -step
      chunked[position] = -step
      if step.isMultiple(of: 250) { copies.append((array, chunked)) }
    }
    copies.append((array, chunked))
    for copy in copies { #expect(Array(copy.chunked) == copy.array && copy.chunked.count == copy.array.count) }
  }

  @Test("A sharded dictionary holds what a dictionary would, and a copy stays as it was")
  func shardedDictionary() {
    var random = SplitMix64(seed: 2)
    var (dictionary, sharded) = ([Int: Int](), ShardedDictionary<Int, Int>())
    var copies: [(dictionary: [Int: Int], sharded: ShardedDictionary<Int, Int>)] = []
    for step in 0..<3_000 {
      let key = Int.random(in: 0..<1_000, using: &random)
      let value = step.isMultiple(of: 5) ? nil : step
      dictionary[key] = value
      sharded[key] = value
      if step.isMultiple(of: 250) { copies.append((dictionary, sharded)) }
    }
    copies.append((dictionary, sharded))
    for copy in copies { #expect((0..<1_000).allSatisfy { copy.sharded[$0] == copy.dictionary[$0] }) }
  }
}
