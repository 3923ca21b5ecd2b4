import Foundation
import Hone
import StudyLoop
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(1)))
struct StudyLoopTests {
  private enum Shape: String, CaseIterable { case round, square }
  private static let x = ParameterKey.float("x", 0...1)
  private static let n = ParameterKey.int("n", 1...4)
  private static let shape = ParameterKey.choice("shape", of: Shape.self)

  private struct Failure: Error {}

  private static func run(
    maxTrials: Int? = nil, _ body: (OpenStudy) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let studies = try await Hone.open(folder.appendingPathComponent("hone.db").path, durability: .relaxed)
    let definition = try StudyDefinition(
      "s", space: SearchSpace([x.parameter, n.parameter, shape.parameter]),
      objectives: [Objective("loss", .minimise)], tuner: TunerChoice("random", seed: 1),
      budget: Budget(maxTrials: maxTrials))
    do {
      try await body(try await studies.study(definition))
    } catch {
      await studies.shutdown()
      throw error
    }
    await studies.shutdown()
  }

  private static func counts(_ study: OpenStudy) async throws -> [TrialState: Int] {
    try await study.studies.study(study.name).counts.filter { $0.value > 0 }
  }

  /// Waits for what happens in the background.
  private static func eventually(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
  }

  @Test("A loop goes through the trials of a budget")
  func loop() async throws {
    try await Self.run(maxTrials: 3) { study in
      var numbers: [Int] = []
      for try await trial in study.trials() {
        numbers.append(trial.number)
        try await trial.tell(["loss": try trial.value(Self.x)])
      }
      #expect(numbers == [1, 2, 3])
      #expect(try await study.best() != nil)
    }
  }

  @Test("Values come in the types of their keys, and of another type not at all")
  func keys() async throws {
    try await Self.run(maxTrials: 1) { study in
      for try await trial in study.trials() {
        let (x, n, shape) = (try trial.value(Self.x), try trial.value(Self.n), try trial.value(Self.shape))
        #expect(trial.parameters == ["x": .float(x), "n": .int(n), "shape": .string(shape.rawValue)])
        #expect(throws: StudyError.self) { try trial.value(ParameterKey.bool("x")) }
        #expect(trial[ParameterKey.float("y", 0...1)] == nil)
        try await trial.tell(["loss": 1])
      }
    }
  }

  @Test("So many trials are in hand at the same time as were asked for, and no more")
  func parallel() async throws {
    try await Self.run(maxTrials: 8) { study in
      let most = Watermark()
      try await study.evaluate(parallel: 3) { trial in
        await most.enter()
        try await Task.sleep(for: .milliseconds(20))
        await most.leave()
        return ["loss": Double(trial.number)]
      }
      #expect(try await Self.counts(study) == [.completed: 8])
      #expect(await most.highest <= 3)
      #expect(await most.highest > 1)
    }
  }

  @Test("Cancelling gives every trial under way back")
  func cancelling() async throws {
    try await Self.run { study in
      let task = Task {
        try await study.evaluate(parallel: 2) { _ in
          try await Task.sleep(for: .seconds(3_600))
          return [:]
        }
      }
      try await Self.eventually { try await Self.counts(study) == [.running: 2] }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await Self.counts(study) == [.waiting: 2])
    }
  }

  @Test("A loop that is left by an error gives its trial back")
  func letGo() async throws {
    try await Self.run { study in
      await #expect(throws: Failure.self) {
        for try await _ in study.trials() { throw Failure() }
      }
      try await Self.eventually { try await Self.counts(study) == [.waiting: 1] }
    }
  }

  @Test("What an objective throws fails its trial with that reason, and the others go on")
  func failing() async throws {
    try await Self.run(maxTrials: 3) { study in
      try await study.evaluate { trial in
        if trial.number == 1 { throw Failure() }
        if trial.number == 2 { throw TrialPruned() }
        return ["loss": 1]
      }
      #expect(try await Self.counts(study) == [.failed: 1, .pruned: 1, .completed: 1])
      #expect(try await study.studies.trial("s", 1).reason == "Failure()")
    }
  }

  @Test("A lease shorter than the evaluation is kept alive")
  func heartbeats() async throws {
    try await Self.run(maxTrials: 1) { study in
      try await study.evaluate(lease: .seconds(1)) { _ in
        try await Task.sleep(for: .seconds(2))
        return ["loss": 1]
      }
      let trial = try await study.studies.trial("s", 1)
      #expect(trial.state == .completed)
      #expect(trial.attempt == 1)
    }
  }

  @Test("A limit ends a loop before the study does")
  func limit() async throws {
    try await Self.run { study in
      try await study.evaluate(parallel: 2, limit: 3) { _ in ["loss": 1] }
      #expect(try await Self.counts(study) == [.completed: 3])
    }
  }
}

/// How many were inside at the same time.
private actor Watermark {
  private var inside = 0
  private(set) var highest = 0

  func enter() {
    inside += 1
    highest = max(highest, inside)
  }

  func leave() { inside -= 1 }
}
