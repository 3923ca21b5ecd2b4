import Bilevel
import HoneClient
import TestSupport
import Testing
import TuningAPI
import TuningModel

/// Trials with requests over HTTP; every answer is held to the contract.
@Suite("Oracles over the wire")
struct OracleTests {
  private let problem = QuadraticBilevel()

  private var definition: JSONValue {
    [
      "name": "s",
      "parameters": [["name": "theta", "type": "float", "low": -10, "high": 10, "size": 3, "default": [1, 1, 1]]],
      "objectives": [["metric": "loss", "goal": "minimize"]], "tuner": ["name": "maid", "L_g": 1, "mu": 1, "seed": 5],
    ]
  }

  private func sound(_ z: [JSONValue] = [1, 1, 1]) -> [String: JSONValue] {
    ["g": 1.5, "grad_g_norm": 0.5, "z": .array(z), "eps_hat": 0.125, "delta_hat": 0.1]
  }

  @Test("A trial comes with its request, and its answer is kept with the interval")
  func asking() async throws {
    try await RunningServer.run { server in
      try await server.send(.createStudy, "/v1/studies", definition)
      let asked = try await server.send(.ask, "/v1/studies/s/ask", ["count": 4])
      let trials = try #require(try asked.json["trials"]?.elements)
      #expect(trials.count == 1)
      #expect(trials[0]["request"]?["kind"] == "hypergradient")
      #expect(trials[0]["request"]?["needs"] == ["g", "grad_g_norm", "z", "eps_hat", "delta_hat"])
      #expect(try asked.json["reason"] == "awaiting_results")
      #expect(try asked.json["detail"] != nil)
      let waiting = try await server.send(.ask, "/v1/studies/s/ask", [:])
      #expect(waiting.status == 200)
      #expect(waiting["Retry-After"] == "1")
      let told = try await server.send(.tell, "/v1/studies/s/trials/1/tell", ["oracle": .object(sound())])
      #expect(told.status == 200)
      #expect(try told.json["oracle"]?["z"] == [1, 1, 1])
      #expect(try told.json["interval"]?["certification"] == "monotone")
      #expect(try told.json["metrics"]?["loss"] == told.json["interval"]?["up"])
      let best = try await server.send(.getBest, "/v1/studies/s/best")
      #expect(try best.json["trial"]?["interval"] == told.json["interval"])
      #expect(
        try await server.send(.ask, "/v1/studies/s/ask", [:]).json["trials"]?.elements?[0]["request"]?["kind"]
          == "value")
    }
  }

  @Test("A wrong answer is refused with a pointer to what is wrong")
  func refusals() async throws {
    try await RunningServer.run { server in
      try await server.send(.createStudy, "/v1/studies", definition)
      try await server.send(.ask, "/v1/studies/s/ask", [:])
      func tell(_ body: JSONValue) async throws -> (Int, [String]) {
        let answer = try await server.send(.tell, "/v1/studies/s/trials/1/tell", body)
        return (answer.status, try answer.json["errors"]?.elements?.compactMap { $0["pointer"]?.string } ?? [])
      }
      func with(_ field: String, _ value: JSONValue?) -> JSONValue {
        var oracle = sound()
        oracle[field] = value
        return ["oracle": .object(oracle)]
      }
      #expect(try await tell(["metrics": ["loss": 1]]) == (422, ["/oracle"]))
      #expect(try await tell(with("z", [1, 1])) == (422, ["/oracle/z"]))
      #expect(try await tell(with("z", [1, "NaN", 1])) == (422, ["/oracle/z/1"]))
      #expect(try await tell(with("g", "Infinity")) == (422, ["/oracle/g"]))
      #expect(try await tell(with("grad_g_norm", nil)) == (422, ["/oracle/grad_g_norm"]))
      #expect(try await tell(with("mu", 0)) == (422, ["/oracle/mu"]))
      #expect(try await tell(with("gradient", [1, 1, 1])) == (400, ["/oracle/gradient"]))
      #expect(try await tell(with("z", "1, 1, 1")) == (400, ["/oracle/z"]))
      #expect(try await tell(["oracle": [1]]) == (400, ["/oracle"]))
      #expect(try await tell(["state": "failed", "oracle": .object(sound())]) == (400, ["/oracle"]))
      #expect(try await tell(["oracle": .object(sound()), "interval": ["low": 0, "up": 1]]) == (400, ["/interval"]))
      // None of these has changed anything.
      #expect(try await tell(["oracle": .object(sound())]) == (200, []))
    }
  }

  @Test("A trial without a request takes no answer, and no tuner a space that it cannot honour")
  func others() async throws {
    try await RunningServer.run { server in
      var plain = definition
      if case .object(var fields) = plain {
        fields["tuner"] = ["name": "uniform"]
        plain = .object(fields)
      }
      try await server.send(.createStudy, "/v1/studies", plain)
      try await server.send(.ask, "/v1/studies/s/ask", [:])
      let told = try await server.send(
        .tell, "/v1/studies/s/trials/1/tell", ["metrics": ["loss": 1], "oracle": .object(sound())])
      #expect(told.status == 422)
      let refused = try await server.send(
        .createStudy, "/v1/studies",
        [
          "name": "t", "parameters": [["name": "n", "type": "int", "low": 1, "high": 3]],
          "objectives": [["metric": "loss", "goal": "maximize"]], "tuner": ["name": "maid"],
        ])
      #expect(refused.status == 422)
      #expect(try refused.json["code"] == "unsupported")
      #expect(
        try refused.json["errors"]?.elements?.compactMap { $0["pointer"]?.string } == [
          "/parameters/0/type", "/objectives/0/goal",
        ])
    }
  }

  @Test("The list of tuners tells which ask oracles")
  func tuners() async throws {
    try await RunningServer.run { server in
      let tuners = try #require(try await server.send(.listTuners, "/v1/tuners").json["tuners"]?.elements)
      #expect(tuners.first { $0["name"] == "maid" }?["requests"] == ["hypergradient", "value"])
      #expect(tuners.first { $0["name"] == "uniform" }?["requests"] == nil)
    }
  }

  @Test("A network that tunes itself is asked for turns, and its schedule has each of them")
  func selfTuning() async throws {
    try await RunningServer.run(catalog: TunerCatalog([SelfTuningTuner.self])) { server in
      try await server.send(
        .createStudy, "/v1/studies",
        [
          "name": "s",
          "parameters": [
            ["name": "dropout", "type": "float", "low": 0, "high": 0.9, "default": 0.05],
            ["name": "holes", "type": "int", "low": 0, "high": 4],
          ], "objectives": [["metric": "loss", "goal": "minimize"]],
          "tuner": ["name": "self_tuning", "warm_up_steps": 10, "max_steps": 2],
        ])
      let tuners = try await server.send(.listTuners, "/v1/tuners").json["tuners"]?.elements
      #expect(tuners?[0]["requests"] == ["stn"])
      let asked = try await server.send(.ask, "/v1/studies/s/ask", [:]).json["trials"]?.elements?[0]
      #expect(asked?["parameters"]?["dropout"] == 0.05)
      #expect(asked?["request"]?["needs"] == ["g"])
      #expect(asked?["request"]?["train_steps"] == 10 && asked?["request"]?["validation_steps"] == 0)
      func tell(_ number: Int, _ oracle: JSONValue) async throws -> (Int, [String]) {
        let answer = try await server.send(.tell, "/v1/studies/s/trials/\(number)/tell", ["oracle": oracle])
        return (answer.status, try answer.json["errors"]?.elements?.compactMap { $0["pointer"]?.string } ?? [])
      }
      #expect(try await tell(1, ["g": 3]) == (200, []))
      try await server.send(.ask, "/v1/studies/s/ask", [:])
      #expect(try await tell(2, ["g": 1]) == (422, ["/oracle/z", "/oracle/z_sigma"]))
      #expect(try await tell(2, ["g": 1, "z": [1, 2, 3], "z_sigma": [1, 2]]) == (422, ["/oracle/z"]))
      #expect(try await tell(2, ["g": 1, "z": [1, 2], "z_sigma": [1, "NaN"]]) == (422, ["/oracle/z_sigma/1"]))
      #expect(try await tell(2, ["g": 1, "z": [1, 2], "z_sigma": ["x", 2]]) == (400, ["/oracle/z_sigma/0"]))
      #expect(try await tell(2, ["g": 1, "z": [1, 2], "z_sigma": [0.5, 0]]) == (200, []))
      try await server.send(.ask, "/v1/studies/s/ask", [:])
      #expect(try await tell(3, ["g": 2, "z": [1, 2], "z_sigma": [0.5, 0]]) == (200, []))
      #expect(try await server.send(.ask, "/v1/studies/s/ask", [:]).json["reason"] == "tuner_finished")
      // The best is the second; the third has gone on from it.
      let schedule = try await server.send(.getSchedule, "/v1/studies/s/schedule").json
      #expect(schedule["trial"] == 2 && schedule["steps"] == 12)
      #expect(schedule["lineage"]?.elements?.compactMap { $0["step_to"] } == [10, 12])
      #expect(try await server.client().schedule("s")?.lineage.map(\.trial) == [1, 2])
    }
  }

  /// The points that a study goes through until its tuner ends.
  private func path(_ studies: any StudyClient) async throws -> [Parameters] {
    _ = try await studies.create(StudyDefinition(definition))
    var path: [Parameters] = []
    while path.count < 500, let trial = try await studies.ask("s", AskRequest()).trials.first {
      path.append(trial.parameters)
      guard case .vector(let theta)? = trial.parameters["theta"], let request = trial.request else { break }
      let (eps, delta) = (request.eps ?? 0, request.delta ?? 0)
      let x = problem.inexactSolution(theta, eps: eps)
      let slope = zip(x, problem.target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      let answer = OracleAnswer(
        g: problem.loss(x, theta), gradGNorm: slope,
        z: problem.gradient(theta, at: x, residual: problem.residual(theta, delta: delta)), epsHat: eps, deltaHat: delta
      )
      let told = try await studies.tell("s", trial.number, .oracle(answer))
      #expect(told.measurement?.oracle == answer)
    }
    return path
  }

  @Test("Embedded and remote, a study goes through the same points to the last bit")
  func samePath() async throws {
    var paths: [[Parameters]] = []
    try await RunningServer.run { server in paths.append(try await path(server.studies)) }
    try await RunningServer.run { server in paths.append(try await path(try server.client())) }
    #expect(paths[0] == paths[1])
    #expect(paths[0].count > 5 && paths[0].count < 500)
  }
}
