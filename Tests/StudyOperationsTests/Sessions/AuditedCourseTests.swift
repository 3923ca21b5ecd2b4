import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("Auditing what the engine writes", .timeLimit(.minutes(1)))
struct AuditedCourseTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  @Test("Whatever happens to a study, its log leads to its rows", arguments: 1...4)
  func course(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    try await bench.create(
      budget: Budget(maxTrials: 60, maxParallel: 6, trialTimeoutSeconds: 300, maxRetries: 1),
      stopping: StoppingChoice("asha", options: ["reduction_factor": 2]))
    var held: [Trial] = []
    var refused = 0
    for _ in 0..<400 {
      do {
        try await step(&held, using: &random)
      } catch is StudyError {
        // Leases end, trials end, and steps go back: what is refused leaves no trace.
        refused += 1
      }
    }
    #expect(refused > 0 && held.count > 20)
    let check = try DatabaseFile(bench.folder.path("hone.db")).check(Bench.catalog)
    #expect(check.findings.isEmpty, "\(check.findings)")
    let next = try await bench.restarted()
    _ = try? await next.service.ask("s", AskRequest(worker: "last"))
    #expect(try DatabaseFile(bench.folder.path("hone.db")).check(Bench.catalog).findings.isEmpty)
  }

  private func step(_ held: inout [Trial], using random: inout SplitMix64) async throws {
    let service = bench.service
    let trial = held.randomElement(using: &random)
    let (number, token) = (trial?.number ?? 1, trial?.lease?.token ?? "")
    let loss = Double.random(in: 0...1, using: &random)
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<5:
      let request = AskRequest(
        count: Int.random(in: 1...2, using: &random), worker: "w\(Int.random(in: 0..<8, using: &random))",
        leaseSeconds: 60)
      held += try await service.ask("s", request).trials
    case 5..<9:
      let step = Int.random(in: 1...4, using: &random)
      _ = try await service.report("s", number, Measurement(["loss": loss], step: step), leaseToken: token)
    case 9: _ = try await service.tell("s", number, .metrics(["loss": loss], leaseToken: token))
    case 10: _ = try await service.tell("s", number, .metrics(["loss": .infinity], leaseToken: token))
    case 11:
      let outcomes: [TrialResult.Outcome] = [
        .failed(reason: "why"), .infeasible(reason: nil), .pruned(reason: nil, nil),
        .pruned(reason: "enough", Measurement(["loss": .nan, "other": 1], standardErrors: ["other": 0.1])),
      ]
      _ = try await service.tell(
        "s", number, TrialResult(outcomes.randomElement(using: &random) ?? outcomes[0], leaseToken: token))
    case 12: _ = try await service.requeue("s", number, leaseToken: token, reason: nil)
    case 13: bench.clock.advance(seconds: 40)
    case 14:
      let patches = [
        StudyPatch(state: .paused), StudyPatch(state: .active), StudyPatch(state: .active),
        StudyPatch(labels: ["a": "\(number)"]),
        StudyPatch(budget: Budget(maxTrials: 30, maxParallel: 3, trialTimeoutSeconds: 300, maxRetries: 1)),
        StudyPatch(budget: Budget(maxTrials: 60, maxParallel: 6, trialTimeoutSeconds: 200, maxRetries: 2)),
      ]
      _ = try await service.update("s", patches.randomElement(using: &random) ?? patches[0], revision: nil)
    case 15:
      let parameters: Parameters = ["x": .int(Int.random(in: 1...100, using: &random))]
      let outcomes: [TrialResult.Outcome?] = [nil, .completed(Measurement(["loss": loss])), .failed(reason: "why")]
      let added = EnqueuedTrial(parameters, outcome: outcomes.randomElement(using: &random) ?? nil)
      _ = try await service.enqueue("s", [added])
    case 16:
      _ = try await service.correct("s", number, .completed(Measurement(["loss": loss])), revision: nil)
    case 17: _ = try await service.exclude("s", number, revision: nil)
    case 18:
      let request = AskRequest(fixed: ["x": .int(Int.random(in: 1...100, using: &random))])
      held += try await service.ask("s", request).trials
    default: _ = try await service.heartbeat("s", number, leaseToken: token, seconds: nil)
    }
  }
}
