import StudyOperations
import Testing
import TuningModel

/// Who may tell a trial's result, or give it back.
@Suite("The right to a trial", .timeLimit(.minutes(1)))
struct RightTests {
  let bench: Bench

  init() async throws {
    bench = try await Bench()
    try await bench.create()
  }

  @Test("Without a token a result is taken while the trial was handed out once, and while it waits")
  func unproven() async throws {
    _ = try await bench.ask()
    #expect(try await bench.tell(1).state == .completed)
    _ = try await bench.ask()
    _ = try await bench.service.requeue("s", 2, leaseToken: nil, reason: nil)
    #expect(try await bench.tell(2).state == .completed)
  }

  @Test("Once it was handed out again, only the token of its lease gives a right to it")
  func required() async throws {
    _ = try await bench.ask("one", seconds: 60)
    bench.clock.advance(seconds: 61)
    let second = try await bench.ask("two", seconds: 60)
    #expect(second.number == 1 && second.attempt == 2)
    let error = await #expect(throws: StudyError.self) { try await bench.tell(1) }
    #expect(error?.code == .leaseRequired && error?.trial?.lease?.token == "")
    #expect(
      await bench.code { _ = try await $0.requeue("s", 1, leaseToken: nil, reason: nil) } == .leaseRequired)
    #expect(
      await bench.code { _ = try await $0.tell("s", [ToldResult(1, .metrics(["loss": 1]))]) } == .leaseRequired)
    let told = try await bench.service.tell("s", 1, .metrics(["loss": 1], leaseToken: second.lease?.token))
    #expect(told.state == .completed)
  }

  @Test("A late result is taken while nobody else holds the trial")
  func late() async throws {
    let first = try await bench.ask("one", seconds: 60)
    bench.clock.advance(seconds: 61)
    let told = try await bench.service.tell("s", 1, .metrics(["loss": 1], leaseToken: first.lease?.token))
    #expect(told.state == .completed)
  }
}
