import HoneClient
import Testing
import TuningAPI
import TuningModel

/// Population-based training over HTTP; every answer is held to the contract.
@Suite("Populations over the wire")
struct PopulationTests {
  private func definition(_ options: [String: JSONValue] = [:]) -> JSONValue {
    let tuner: [String: JSONValue] = [
      "name": "population_based", "seed": 5, "population_size": 2, "interval": 10, "quantile": 0.5,
    ]
    return [
      "name": "s", "parameters": [["name": "x", "type": "float", "low": 0, "high": 4, "step": 1]],
      "objectives": [["metric": "loss", "goal": "minimize"]], "tuner": .object(tuner.merging(options) { $1 }),
    ]
  }

  @Test("Parts come with their resume, are told with checkpoints, and make a schedule")
  func segments() async throws {
    try await RunningServer.run { server in
      try await server.send(.createStudy, "/v1/studies", definition())
      let asked = try await server.send(.ask, "/v1/studies/s/ask", ["count": 3])
      let trials = try #require(try asked.json["trials"]?.elements)
      #expect(
        trials.map { $0["resume"] } == [
          ["member": 0, "generation": 0, "step_from": 0, "step_to": 10],
          ["member": 1, "generation": 0, "step_from": 0, "step_to": 10],
        ])
      #expect(try asked.json["reason"] == "awaiting_results")
      func tell(_ number: Int, _ body: JSONValue) async throws -> HTTPAnswer {
        try await server.send(.tell, "/v1/studies/s/trials/\(number)/tell", body)
      }
      let missing = try await tell(1, ["metrics": ["loss": 1]])
      #expect(missing.status == 422)
      #expect(try Problem(answer: missing.body).errors.map(\.pointer) == ["/checkpoint"])
      let backwards = try await tell(1, ["metrics": ["loss": 1], "step": 0, "checkpoint": "c1"])
      #expect(try Problem(answer: backwards.body).errors.map(\.pointer) == ["/step"])
      let told = try await tell(1, ["metrics": ["loss": 1], "checkpoint": "c1"])
      #expect(told.status == 200)
      #expect(try told.json["checkpoint"] == "c1")
      #expect(try await tell(1, ["metrics": ["loss": 1], "checkpoint": "c1"]).status == 200)
      #expect(try await tell(1, ["metrics": ["loss": 1], "checkpoint": "c2"]).status == 409)
      _ = try await tell(2, ["metrics": ["loss": 2], "checkpoint": "c2"])
      let schedule = try await server.send(.getSchedule, "/v1/studies/s/schedule")
      #expect(try schedule.json["trial"] == 1)
      #expect(try schedule.json["schedule"] == [["step": 0, "parameters": trials[0]["parameters"] ?? .null]])
      let listed = try await server.send(.listCheckpoints, "/v1/studies/s/checkpoints")
      #expect(try listed.json["checkpoints"]?.elements?.map { $0["state"] } == ["pinned", "pinned"])
      let deleted = try await server.send(
        .noteDeletedCheckpoints, "/v1/studies/s/checkpoints", ["deleted": ["c1"]])
      #expect(deleted.status == 422)
      #expect(try Problem(answer: deleted.body).errors.map(\.pointer) == ["/deleted/0"])
    }
  }

  @Test("The remote client works with populations as the embedded engine does")
  func remote() async throws {
    try await RunningServer.run { server in
      let client = try server.client()
      let study = try StudyDefinition(definition(["long_lived": true, "max_steps": 40]))
      _ = try await client.create(study)
      #expect(try await client.schedule("s") == nil)
      let trials = client.held(try await client.ask("s", AskRequest(count: 2)).trials, of: "s")
      #expect(trials.map(\.resume?.stepTo) == [40, 40])
      #expect(try await trials[0].report(step: 10, ["loss": 1], checkpoint: "a") == .continue)
      guard case .exploit(let exploit) = try await trials[1].report(step: 10, ["loss": 2], checkpoint: "b") else {
        Issue.record("it was not told to exploit")
        return
      }
      #expect(exploit.checkpoint == "a")
      // JSON does not tell 1 from 1.0; the client does.
      #expect(study.space.canonical(exploit.parameters) == exploit.parameters)
      try await trials[1].tell(["loss": 0.5], step: 40, checkpoint: "end")
      let schedule = try #require(try await client.schedule("s"))
      #expect((schedule.trial, schedule.steps, schedule.checkpoint) == (2, 40, "end"))
      #expect(schedule.stages.last?.parameters == exploit.parameters)
      let known = try await client.checkpoints("s", PageRequest()).elements
      #expect(known.map(\.checkpoint) == ["a", "b", "end"])
      #expect(known.map(\.state) == [.pinned, .collectable, .pinned])
      await #expect(throws: StudyError.self) { try await client.noteDeleted("s", ["end"]) }
      try await client.noteDeleted("s", ["elsewhere"])
    }
  }
}
