import StudyOperations
import Testing
import TuningModel

/// When nothing is prepared, and when what was prepared is of no use any more.
extension ReadySuggestionTests {
  @Test("Nothing is prepared for a study that is paused, or whose budget is reserved")
  func nothingToPrepare() async throws {
    let gate = Gate("spent")
    try await bench.create("spent", tuner: "gated", budget: Budget(maxTrials: 2))
    gate.open(99)
    _ = try await bench.service.ask("spent", AskRequest(count: 2))
    try await bench.tell(1, study: "spent")
    await bench.service.settle()
    #expect(gate.count == 2)

    let paused = try await begin("paused")
    paused.open()
    await bench.service.settle()
    _ = try await bench.service.update("paused", StudyPatch(state: .paused), revision: nil)
    try await bench.tell(1, study: "paused")
    await bench.service.settle()
    #expect(paused.count == 2)
  }

  @Test("Nothing is prepared after a restart before the first ask or result")
  func idleAfterRestart() async throws {
    let gate = try await begin("idle")
    gate.open()
    await bench.service.settle()
    let next = try await bench.restarted()
    _ = try await next.service.best("idle")
    await next.service.settle()
    #expect(gate.count == 2)
    gate.open()
    try await next.tell(1, study: "idle")
    await next.service.settle()
    #expect(gate.count == 3)
  }

  @Test("Tuners that draw at once prepare nothing")
  func drawing() async throws {
    let gate = Gate("drawing")
    try await bench.create("drawing", tuner: "drawing")
    gate.open(99)
    let trials = try await bench.service.ask("drawing", AskRequest(count: 4)).trials
    #expect(trials.map(\.number) == [1, 2, 3, 4])
    await bench.service.settle()
    #expect(gate.count == 1)
  }

  @Test("A change of the study discards what is ready")
  func changed() async throws {
    let gate = try await begin("changed")
    gate.open()
    await bench.service.settle()
    _ = try await bench.service.update("changed", StudyPatch(labels: ["a": "b"]), revision: nil)
    gate.open(9)
    #expect(try await bench.ask(study: "changed").origin.history == 2)
  }

  @Test("What was prepared for a deleted study is not given to the next one of its name")
  func deleted() async throws {
    let gate = try await begin("replaced")
    gate.open()
    await bench.service.settle()
    try await bench.service.delete("replaced", revision: nil)
    try await bench.create("replaced", tuner: "ladder")
    let trial = try await bench.ask(study: "replaced")
    #expect(trial.number == 1 && trial.origin.tuner == "ladder")
  }

  @Test("The service stops once what is being computed has ended, and begins nothing more")
  func shutdown() async throws {
    let gate = try await begin("stopping")
    await gate.arrival()
    let passed = Task {
      await bench.service.shutdown()
      return gate.passed
    }
    // Long enough for a service that awaits nothing to have stopped.
    try await Task.sleep(for: .milliseconds(200))
    gate.open(9)
    #expect(await passed.value == 2)
    #expect(gate.count == 2)
  }

  @Test("The service stops only once the computation of a study that was deleted meanwhile has ended")
  func shutdownAfterDeletion() async throws {
    let gate = try await begin("stopping-deleted")
    await gate.arrival()
    try await bench.service.delete("stopping-deleted", revision: nil)
    let passed = Task {
      await bench.service.shutdown()
      return gate.passed
    }
    // Long enough for a service that awaits nothing to have stopped.
    try await Task.sleep(for: .milliseconds(200))
    gate.open(9)
    #expect(await passed.value == 2)
  }
}
