import Foundation
import Hone
import Testing

@Suite("Replay of the tuner bayesian", .timeLimit(.minutes(2)))
struct ReplayTests {
  @Test("Suggestions of parallel workers, made ahead and in batches, are computed again bit for bit")
  func exact() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("hone.db").path
    let service = try await Hone.open(path, durability: .relaxed)
    let space = try SearchSpace([
      Parameter("x", .float(FloatDomain(-5, 10)), default: .float(1)), Parameter("n", .int(IntDomain(1, 30))),
    ])
    _ = try await service.create(
      try StudyDefinition(
        "s", space: space, objectives: [Objective("loss", .minimise)],
        tuner: TunerChoice("bayesian", seed: 3, maxWaitMilliseconds: 20, options: ["initial_trials": 4]),
        budget: Budget(maxTrials: 26)))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<3 {
        group.addTask {
          while true {
            let asked = try await service.ask("s", AskRequest(count: worker == 2 ? 2 : 1, worker: "w\(worker)")).trials
            if asked.isEmpty { return }
            for trial in asked {
              guard case .float(let x)? = trial.parameters["x"], case .int(let n)? = trial.parameters["n"] else {
                return
              }
              let result: TrialResult =
                trial.number % 6 == 5
                ? TrialResult(.failed(reason: nil)) : .metrics(["loss": x * x + abs(Double(n) - 7)])
              _ = try await service.tell("s", trial.number, result)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    await service.shutdown()

    let again = try await Hone.open(path)
    let replays = try await again.replay("s")
    #expect(replays.count == 26)
    #expect(replays.filter { $0.outcome != .equal } == [])
    // The model has had its say, and wrote down what computed it.
    #expect(replays.contains { $0.storedNumerics?["core"] != nil && $0.storedNumerics == $0.numerics })
    let predictions = try await again.predict("s", at: [["x": .float(0), "n": .int(7)]])
    #expect(predictions.observations > 10 && predictions.predictions[0].mean < 60)
    await again.shutdown()
  }
}
