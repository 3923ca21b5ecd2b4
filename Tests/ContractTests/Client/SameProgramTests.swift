import Foundation
import Hone
import HoneClient
import Testing

/// One program, whose studies are in a file or on a server as one line says.
@Suite("A program moves from a file to a server by one line", .timeLimit(.minutes(2)))
struct SameProgramTests {
  private static let x = ParameterKey.float("x", -5...5)
  private static let depth = ParameterKey.int("depth", 1...8)

  private func program(_ studies: some StudyClient) async throws -> [Trial] {
    let definition = try StudyDefinition(
      "parabola", space: SearchSpace([Self.x.parameter, Self.depth.parameter]),
      objectives: [Objective("loss", .minimise)], tuner: TunerChoice("quasi_random", seed: 3),
      budget: Budget(maxTrials: 6))
    let study = try await studies.study(definition)
    for try await trial in study.trials(limit: 3, worker: "me") {
      let (x, depth) = (try trial.value(Self.x), try trial.value(Self.depth))
      try await trial.report(step: 1, ["loss": x * x + 1])
      try await trial.tell(["loss": x * x + Double(depth)])
    }
    try await study.evaluate { trial in
      let (x, depth) = (try trial.value(Self.x), try trial.value(Self.depth))
      return ["loss": x * x + Double(depth)]
    }
    return try await studies.trials("parabola", state: nil, PageRequest()).elements
  }

  @Test("It finds the same")
  func same() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try await Hone.open(folder.appendingPathComponent("file.db").path)
    let embedded = try await program(file)
    await file.shutdown()
    #expect(embedded.count == 6)
    try await RunningServer.run(catalog: .standard) { server in
      let remote = try await program(RemoteStudyClient(server: try server.url))
      #expect(remote.map(\.parameters) == embedded.map(\.parameters))
      #expect(remote.map(\.measurement) == embedded.map(\.measurement))
      #expect(remote.map(\.state) == Array(repeating: .completed, count: 6))
    }
  }

  @Test("On a server too, cancelling gives trials back")
  func cancelling() async throws {
    try await RunningServer.run(catalog: .standard) { server in
      let definition = try StudyDefinition(
        "s", space: SearchSpace([Self.x.parameter]), objectives: [Objective("loss", .minimise)],
        tuner: TunerChoice("random", seed: 1))
      let study = try await server.client().study(definition)
      let task = Task {
        try await study.evaluate(parallel: 2) { _ in
          try await Task.sleep(for: .seconds(3_600))
          return [:]
        }
      }
      while try await server.studies.study("s").counts[.running] != 2 { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await server.studies.study("s").counts[.waiting] == 2)
    }
  }

  @Test("Whenever a loop on a server is cancelled, no trial stays behind with it")
  func cancellingEarly() async throws {
    try await RunningServer.run(catalog: .standard) { server in
      let definition = try StudyDefinition(
        "s", space: SearchSpace([Self.x.parameter]), objectives: [Objective("loss", .minimise)],
        tuner: TunerChoice("random", seed: 1))
      let study = try await server.client().study(definition)
      for round in 0..<20 {
        let task = Task {
          try await study.evaluate(parallel: 3) { _ in
            try await Task.sleep(for: .seconds(3_600))
            return [:]
          }
        }
        try await Task.sleep(for: .milliseconds(round))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await server.studies.study("s").counts[.running, default: 0] == 0)
      }
    }
  }
}
