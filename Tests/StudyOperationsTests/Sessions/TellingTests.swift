import StudyOperations
import Testing
import TuningModel

@Suite("Telling")
struct TellingTests {
  let bench: Bench

  init() async throws {
    bench = try await Bench()
    try await bench.create()
  }

  @Test("A result completes its trial, with metrics beyond those that the study needs")
  func completed() async throws {
    let trial = try await bench.ask("w")
    let told = Measurement(["loss": 0.5, "size": .infinity], step: 3, standardErrors: ["loss": 0.1])
    bench.clock.advance(seconds: 2)
    let ended = try await bench.service.tell("s", 1, TrialResult(.completed(told), leaseToken: trial.lease?.token))
    #expect(ended.state == .completed && ended.reason == nil)
    #expect(ended.measurement == told)
    #expect(ended.lease == nil && ended.finishedAt == bench.clock.now)
    #expect(try await bench.service.trial("s", 1) == ended)
  }

  @Test("A NaN in a needed metric makes the trial failed, an infinity infeasible with its measurement")
  func notFinite() async throws {
    _ = try await bench.service.ask("s", AskRequest(count: 2))
    let nan = try await bench.service.tell("s", 1, .metrics(["loss": .nan]))
    #expect(nan.state == .failed && nan.reason == "not_finite" && nan.measurement == nil)
    let infinite = try await bench.service.tell("s", 2, .metrics(["loss": -.infinity]))
    #expect(infinite.state == .infeasible && infinite.reason == "not_finite")
    #expect(infinite.measurement?.metrics == ["loss": -.infinity])
  }

  @Test(
    "The same result told again is answered with the stored trial",
    arguments: [
      TrialResult(.completed(Measurement(["loss": 1, "other": .nan], standardErrors: ["loss": 0]))),
      TrialResult(.completed(Measurement(["loss": .nan]))), TrialResult(.completed(Measurement(["loss": .infinity]))),
      TrialResult(.infeasible(reason: "too large")), TrialResult(.failed(reason: nil)),
      TrialResult(.failed(reason: String(repeating: "long ", count: 4_000))),
    ])
  func again(result: TrialResult) async throws {
    _ = try await bench.ask()
    let first = try await bench.service.tell("s", 1, result)
    bench.clock.advance(seconds: 9)
    let second = try await bench.service.tell("s", 1, result)
    #expect(second.finishedAt == first.finishedAt && second.state == first.state && second.reason == first.reason)
    #expect(try await bench.service.events("s", after: 0, limit: 10).count == 2)
  }

  @Test("Another result for a trial that has ended is refused with the stored trial")
  func conflicting() async throws {
    _ = try await bench.ask()
    let first = try await bench.service.tell("s", 1, .metrics(["loss": 1]))
    for result in [TrialResult.metrics(["loss": 2]), TrialResult(.failed(reason: nil))] {
      let error = await #expect(throws: StudyError.self) { try await bench.service.tell("s", 1, result) }
      #expect(error?.code == .trialState)
      #expect(error?.trial == first)
    }
  }

  @Test(
    "A result that lacks a metric or has an unsound one is refused with a pointer",
    arguments: [
      (Measurement([:]), "/metrics/loss"), (Measurement(["loss": 1, "a b": 1]), "/metrics/a b"),
      (Measurement(["loss": 1], standardErrors: ["loss": -1]), "/standard_errors/loss"),
      (Measurement(["loss": 1], standardErrors: ["loss": .nan]), "/standard_errors/loss"),
      (Measurement(["loss": 1], standardErrors: ["x": 1]), "/standard_errors/x"),
      (Measurement(["loss": 1], step: .max), "/step"),
    ])
  func invalid(measurement: Measurement, pointer: String) async throws {
    _ = try await bench.ask()
    let error = await #expect(throws: StudyError.self) {
      try await bench.service.tell("s", 1, TrialResult(.completed(measurement)))
    }
    #expect(error?.code == .invalid)
    #expect(error?.mistakes.map(\.pointer) == [pointer])
    #expect(try await bench.service.trial("s", 1).state == .running)
  }

  @Test("A trial that is not there is not found", arguments: [0, 2, -5, .max])
  func noTrial(number: Int) async throws {
    _ = try await bench.ask()
    #expect(await bench.code { _ = try await $0.tell("s", number, .metrics(["loss": 1])) } == .trialNotFound)
    #expect(await bench.code { _ = try await $0.trial("s", number) } == .trialNotFound)
    #expect(await bench.code { _ = try await $0.requeue("s", number, leaseToken: nil, reason: nil) } == .trialNotFound)
  }

  @Test("A failed trial that a worker told is final at once")
  func toldFailure() async throws {
    _ = try await bench.ask()
    #expect(try await bench.service.tell("s", 1, TrialResult(.failed(reason: "out of memory"))).state == .failed)
    #expect(try await bench.ask().number == 2)
  }

  @Test("Reasons keep any script, lose NUL characters, and are cut with a note where they are too long")
  func reasons() async throws {
    _ = try await bench.service.ask("s", AskRequest(count: 2))
    let told = try await bench.service.tell("s", 1, TrialResult(.failed(reason: "Übergröße 太大 🤯\u{0}!")))
    #expect(told.reason == "Übergröße 太大 🤯\u{FFFD}!")
    #expect(try await bench.service.trial("s", 1).reason == told.reason)
    let long = String(repeating: "太", count: 5_000)
    let cut = try #require(try await bench.service.tell("s", 2, TrialResult(.infeasible(reason: long))).reason)
    #expect(cut.utf8.count <= 8_192 && cut.utf8.count > 8_180)
    #expect(cut.hasSuffix(" … [cut; 15000 bytes in all]"))
  }

  @Test("A result is taken without a token, with a stale one from a waiting trial, and not once somebody else holds it")
  func tokens() async throws {
    let given = try await bench.service.ask("s", AskRequest(count: 3)).trials
    let tokens = given.map { $0.lease?.token }
    #expect(try await bench.service.tell("s", 1, .metrics(["loss": 1])).state == .completed)
    _ = try await bench.service.requeue("s", 2, leaseToken: tokens[1], reason: nil)
    #expect(try await bench.service.tell("s", 2, .metrics(["loss": 1], leaseToken: tokens[1])).state == .completed)
    _ = try await bench.service.requeue("s", 3, leaseToken: tokens[2], reason: nil)
    let other = try await bench.ask("other")
    #expect(other.number == 3)
    let late = TrialResult.metrics(["loss": 1], leaseToken: tokens[2])
    let error = await #expect(throws: StudyError.self) { try await bench.service.tell("s", 3, late) }
    #expect(error?.code == .leaseLost)
    #expect(error?.trial?.worker == "other" && error?.trial?.lease?.token == "")
    #expect(
      try await bench.service.tell("s", 3, .metrics(["loss": 1], leaseToken: other.lease?.token)).state == .completed)
  }

  @Test("A result is taken although its caller has gone")
  func cancelled() async throws {
    _ = try await bench.ask()
    let told = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await bench.tell(1)
    }
    #expect(try await told.value.state == .completed)
  }

  @Test("Results are still taken when the study is paused or finished", arguments: [StudyState.paused, .finished])
  func afterTheEnd(state: StudyState) async throws {
    _ = try await bench.ask()
    _ = try await bench.service.update("s", StudyPatch(state: state), revision: nil)
    #expect(try await bench.service.tell("s", 1, .metrics(["loss": 1])).state == .completed)
  }

  @Test("Trials that are read show no lease token")
  func noSecrets() async throws {
    let token = try #require(try await bench.ask().lease?.token)
    #expect(try await bench.service.trial("s", 1).lease?.token == "")
    let page = try await bench.service.trials("s", state: nil, PageRequest())
    #expect(page.elements.map(\.lease?.token) == [""])
    #expect(!"\(page)".contains(token))
  }
}
