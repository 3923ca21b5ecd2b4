import Hone
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

  @Test("The schedule of an answer is the schedule of a study that goes through it")
  func replay() async throws {
    try await RunningServer.run(catalog: .standard) { server in
      try await server.send(.createStudy, "/v1/studies", definition())
      for number in 1...4 {
        try await server.send(.ask, "/v1/studies/s/ask", ["count": 1])
        let result: JSONValue = ["metrics": ["loss": .integer(9 - number)], "checkpoint": .string("c\(number)")]
        try await server.send(.tell, "/v1/studies/s/trials/\(number)/tell", result)
      }
      let found = try await server.send(.getSchedule, "/v1/studies/s/schedule").json
      let replay = definition([
        "name": "fixed_schedule", "schedule": found["schedule"] ?? .null, "max_steps": found["steps"] ?? .null,
        "population_size": .null, "quantile": .null,
      ])
      guard case .object(var fields) = replay, case .object(var tuner)? = fields["tuner"] else { return }
      (tuner["population_size"], tuner["quantile"], fields["name"]) = (nil, nil, "again")
      fields["tuner"] = .object(tuner)
      let created = try await server.send(.createStudy, "/v1/studies", .object(fields))
      #expect(created.status == 201, "\(created.text)")
      let asked = try await server.send(.ask, "/v1/studies/again/ask", ["count": 1])
      let first = try #require(try asked.json["trials"]?.elements?.first)
      #expect(first["resume"] == ["member": 0, "generation": 0, "step_from": 0, "step_to": 10])
      #expect(first["parameters"] == found["schedule"]?.elements?.first?["parameters"])
      let client = try server.client()
      let again = try await client.createReplay(of: "s", as: "third")
      #expect(again.summary.study.definition.tuner.options["schedule"] == found["schedule"])
      // What is no schedule of the study is refused where it stands.
      tuner["schedule"] = [["step": 0, "parameters": ["x": 9]]]
      (fields["tuner"], fields["name"]) = (.object(tuner), "wrong")
      let refused = try await server.send(.createStudy, "/v1/studies", .object(fields))
      #expect(refused.status == 422)
      #expect(try Problem(answer: refused.body).errors.map(\.pointer) == ["/tuner/schedule/0/parameters/x"])
    }
  }

  @Test("Nobody but the service says which state a trial goes on from")
  func unknownDonor() async throws {
    try await RunningServer.run { server in
      try await server.send(.createStudy, "/v1/studies", definition())
      let resume: JSONValue = [
        "member": 0, "generation": 0, "from_trial": 99, "checkpoint": "nobody's", "step_from": 0, "step_to": 10,
      ]
      let added = try await server.send(
        .enqueue, "/v1/studies/s/enqueue", ["trials": [["parameters": ["x": 1], "resume": resume]]])
      #expect(added.status == 400)
      #expect(try Problem(answer: added.body).errors.map(\.pointer) == ["/trials/0/resume"])
      try await server.send(.ask, "/v1/studies/s/ask", ["count": 1])
      let told = try await server.send(
        .tell, "/v1/studies/s/trials/1/tell",
        ["metrics": ["loss": 1], "checkpoint": "c1", "from_trial": 99])
      #expect(told.status == 400)
      #expect(try Problem(answer: told.body).errors.map(\.pointer) == ["/from_trial"])
      let wrong = try await server.send(
        .tell, "/v1/studies/s/trials/1/tell", ["metrics": ["loss": 1], "checkpoint": "c1", "step": 11])
      #expect(try Problem(answer: wrong.body).errors.map(\.pointer) == ["/step"])
      _ = try await server.send(
        .tell, "/v1/studies/s/trials/1/tell", ["metrics": ["loss": 1], "checkpoint": "c1", "step": 10])
      let twice = try await server.send(
        .tell, "/v1/studies/s/trials/1/tell", ["metrics": ["loss": 2], "checkpoint": "c1", "step": 10])
      #expect(twice.status == 409)
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
