import Foundation
import StudyOperations
import Testing

@Suite("Compute pool")
struct ComputePoolTests {
  @Test("There is always a thread", arguments: [nil, 0, -3, 3])
  func threads(count: Int?) async {
    let pool = ComputePool(threads: count)
    #expect(pool.threadCount >= 1)
    #expect(await pool.run { 6 * 7 } == 42)
  }

  @Test("Many computations each answer their own caller")
  func many() async {
    let pool = ComputePool(threads: 3)
    let sum = await withTaskGroup(of: Int.self) { group in
      for number in 1...1_000 { group.addTask { await pool.run { number * number } } }
      return await group.reduce(0, +)
    }
    #expect(sum == 333_833_500)
  }

  @Test("Computations run on threads of the pool with a large stack, not on those of tasks")
  func ownThreads() async {
    let pool = ComputePool(threads: 1)
    let first = await pool.run { (pthread_self(), Thread.current.stackSize) }
    let others = await withTaskGroup(of: pthread_t.self) { group in
      for _ in 0..<20 { group.addTask { await pool.run { pthread_self() } } }
      return await group.reduce(into: Set<pthread_t>()) { $0.insert($1) }
    }
    #expect(others == [first.0])
    #expect(first.1 == ComputePool.stackSize)
  }

  @Test("A computation may recurse deeply")
  func stack() async {
    @Sendable func depth(_ level: Int, _ padding: (Double, Double, Double, Double)) -> Double {
      level == 0 ? padding.0 : depth(level - 1, (padding.1, padding.2, padding.3, padding.0 + 1)) + 1
    }
    #expect(await ComputePool(threads: 1).run { depth(20_000, (0, 0, 0, 0)) } == 25_000)
  }

  @Test("The calling task's cancellation leaves a computation whole")
  func cancellation() async {
    let pool = ComputePool(threads: 1)
    let task = Task { await pool.run { 1 } }
    task.cancel()
    #expect(await task.value == 1)
  }
}
