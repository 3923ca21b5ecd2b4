import StudyOperations
import Testing
import TuningModel

@Suite("Telling several results", .timeLimit(.minutes(1)))
struct TellingManyTests {
  let bench: Bench

  init() async throws {
    bench = try await Bench()
    try await bench.create()
    _ = try await bench.service.ask("s", AskRequest(count: 3, worker: "w"))
  }

  private func tell(_ results: (TrialNumber, Double)...) async throws -> [Trial] {
    try await bench.service.tell("s", results.map { ToldResult($0.0, .metrics(["loss": $0.1])) })
  }

  @Test("All are taken, answered in the order of the results, and confirmed when told again")
  func all() async throws {
    let told = try await tell((3, 0.3), (1, 0.1))
    #expect(told.map(\.number) == [3, 1] && told.allSatisfy { $0.state == .completed })
    let events = try await bench.service.events("s", after: 0, limit: 99).count
    #expect(try await tell((3, 0.3), (1, 0.1)) == told)
    #expect(try await bench.service.events("s", after: 0, limit: 99).count == events)
    let mixed = try await tell((1, 0.1), (2, 0.2))
    #expect(mixed.map(\.number) == [1, 2])
    #expect(try await bench.service.study("s").counts == [.completed: 3])
  }

  @Test("Where one cannot be taken, none is, and the error says which")
  func none() async throws {
    _ = try await tell((1, 0.1))
    let conflict = await #expect(throws: StudyError.self) { try await tell((2, 0.2), (1, 9)) }
    #expect(conflict?.code == .trialState && conflict?.trial?.number == 1)
    #expect(conflict?.message.hasPrefix("/results/1: ") == true)
    let missing = await #expect(throws: StudyError.self) { try await tell((2, 0.2), (7, 1)) }
    #expect(missing?.code == .trialNotFound)
    let results = [
      ToldResult(2, .metrics(["loss": 1])), ToldResult(3, .metrics(["cost": 1])),
    ]
    let invalid = await #expect(throws: StudyError.self) { try await bench.service.tell("s", results) }
    #expect(invalid?.mistakes.map(\.pointer) == ["/results/1/metrics/loss"])
    let twice = await #expect(throws: StudyError.self) { try await tell((2, 1), (2, 1)) }
    #expect(twice?.mistakes.map(\.pointer) == ["/results/1/number"])
    #expect(try await bench.service.study("s").counts == [.completed: 1, .running: 2])
  }
}
