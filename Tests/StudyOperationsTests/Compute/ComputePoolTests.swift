import Dispatch
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

  /// The order in which a pool of one thread does what waited while it was busy.
  private func order(_ jobs: [(ComputePool.Urgency, String, ComputePool.Ticket?)], hastening: ComputePool.Ticket? = nil)
    async -> [String]
  {
    let pool = ComputePool(threads: 1)
    let (begun, opening) = (AsyncStream<Void>.makeStream(), DispatchSemaphore(value: 0))
    let done = Noted()
    return await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await pool.run {
          begun.continuation.yield()
          opening.wait()
        }
      }
      for await _ in begun.stream { break }
      for (index, (urgency, name, ticket)) in jobs.enumerated() {
        group.addTask { await pool.run(urgency, as: ticket) { done.add(name) } }
        while pool.waitingCount <= index { await Task.yield() }
      }
      if let hastening { pool.hasten(hastening) }
      opening.signal()
      await group.waitForAll()
      return done.names
    }
  }

  private final class Noted: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [String] = []
    func add(_ name: String) { lock.withLock { list.append(name) } }
    var names: [String] { lock.withLock { list } }
  }

  @Test("What is awaited goes before what is done ahead of time")
  func urgency() async {
    #expect(
      await order([(.ahead, "a", nil), (.awaited, "b", nil), (.ahead, "c", nil), (.awaited, "d", nil)])
        == ["b", "d", "a", "c"])
  }

  @Test("What is done ahead of time is not passed for ever")
  func turns() async {
    let awaited = (1...20).map { (ComputePool.Urgency.awaited, "\($0)", ComputePool.Ticket?.none) }
    let order = await order([(.ahead, "ahead", nil)] + awaited)
    #expect(order.firstIndex(of: "ahead") == 8)
    #expect(order.filter { $0 != "ahead" } == (1...20).map(String.init))
  }

  @Test("What is hastened takes its place among what is awaited")
  func hastening() async {
    let ticket = ComputePool.Ticket()
    #expect(
      await order([(.ahead, "a", nil), (.ahead, "b", ticket), (.awaited, "c", nil)], hastening: ticket)
        == ["c", "b", "a"])
  }

  @Test("What is hastened before it comes to the pool takes its place among what is awaited too")
  func hastenedBefore() async {
    let ticket = ComputePool.Ticket()
    ComputePool(threads: 1).hasten(ticket)
    #expect(
      await order([(.ahead, "a", nil), (.ahead, "b", ticket), (.awaited, "c", nil)]) == ["b", "c", "a"])
  }

  @Test("The calling task's cancellation leaves a computation whole")
  func cancellation() async {
    let pool = ComputePool(threads: 1)
    let task = Task { await pool.run { 1 } }
    task.cancel()
    #expect(await task.value == 1)
  }
}
