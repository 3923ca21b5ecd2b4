import StudyOperations
import Testing
import TuningModel

@Suite("The best trial")
struct BestTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  private func tell(_ values: [[String: Double]]) async throws {
    _ = try await bench.service.ask("s", AskRequest(count: values.count))
    for (index, metrics) in values.enumerated() { _ = try await bench.service.tell("s", index + 1, .metrics(metrics)) }
  }

  @Test("There is none before a trial has completed")
  func none() async throws {
    try await bench.create()
    #expect(try await bench.service.best("s") == nil)
    try await tell([["loss": .infinity], ["loss": .nan]])
    #expect(try await bench.service.best("s") == nil)
  }

  @Test("It has the least loss, of equal ones the lowest number however they were told")
  func least() async throws {
    try await bench.create()
    _ = try await bench.service.ask("s", AskRequest(count: 4))
    for (number, loss) in [(4, 1.0), (2, 1.0), (3, 2.0), (1, 5.0)] {
      _ = try await bench.service.tell("s", number, .metrics(["loss": loss]))
    }
    #expect(try await bench.service.best("s")?.number == 2)
    let next = try await bench.afterCrash()
    #expect(try await next.service.best("s")?.number == 2)
  }

  @Test("A trial that breaks an outcome constraint does not count")
  func constrained() async throws {
    try await bench.create(constraints: [OutcomeConstraint("ms", .atMost(40))])
    try await tell([["loss": 1, "ms": 41], ["loss": 3, "ms": 40], ["loss": 2, "ms": 39]])
    #expect(try await bench.service.best("s")?.number == 3)
  }

  @Test("The largest value is the best where the metric is maximised")
  func maximised() async throws {
    let space = try SearchSpace([Parameter("x", .bool)])
    _ = try await bench.service.create(
      try StudyDefinition("s", space: space, objectives: [Objective("score", .maximise)]))
    try await tell([["score": 1], ["score": 3], ["score": 2]])
    #expect(try await bench.service.best("s")?.number == 2)
  }

  @Test("Several objectives have no single best")
  func several() async throws {
    let space = try SearchSpace([Parameter("x", .bool)])
    _ = try await bench.service.create(
      try StudyDefinition("s", space: space, objectives: [Objective("a", .maximise), Objective("b", .minimise)]))
    let error = await #expect(throws: StudyError.self) { try await bench.service.best("s") }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("a, b") == true)
  }
}
