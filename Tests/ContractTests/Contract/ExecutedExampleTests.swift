import Hone
import Testing
import TuningAPI
import TuningModel

@Suite("The contract's examples, carried out")
struct ExecutedExampleTests {
  /// One example of a request.
  struct Example: Sendable, CustomTestStringConvertible {
    var operation: APIOperation
    var name: String
    var body: JSONValue

    var testDescription: String { "\(operation.id) \(name)" }
  }

  static let requests = ContractDocument.shared.contents.filter(\.isRequest).flatMap { content in
    APIOperation.all.filter { "\($0.id) request" == content.place }.flatMap { operation in
      content.examples.sorted { $0.key < $1.key }.map {
        Example(operation: operation, name: $0.key, body: $0.value["value"] ?? .null)
      }
    }
  }

  @Test("Every request that is shown does what it says", arguments: requests)
  func request(_ example: Example) async throws {
    try await Self.withStudy(answering: example.body["oracle"]) { server, study in
      var study = study
      try await study.prepare(for: example.operation, on: server)
      let answer = try await server.send(
        example.operation, study.target(of: example.operation), study.leased(example.body), headers: study.headers)
      #expect(answer.status == 200 || answer.status == 201, "\(answer.text)")
    }
  }

  @Test("Every parameter that is shown is taken", arguments: APIOperation.all.filter { $0.method == "GET" })
  func parameters(_ operation: APIOperation) async throws {
    let contract = ContractDocument.shared
    let described = try #require(contract.operation(operation)?.json)
    try await Self.withStudy { server, study in
      var study = study
      try await study.prepare(for: operation, on: server)
      for parameter in described["parameters"]?.elements ?? [] {
        let parameter = contract.resolved(parameter)
        guard let name = parameter["name"]?.string, let shown = parameter["example"] else { continue }
        let text = shown.string ?? shown.text
        let isQuery = parameter["in"]?.string == "query"
        let target = study.target(of: operation) + (isQuery ? "?\(name)=\(text)" : "")
        // A stream of events has no end; its own tests read it.
        if operation.id == "watchStudy" { continue }
        let answer = try await server.send(operation, target, headers: isQuery ? [] : [(name, text)])
        #expect([200, 304].contains(answer.status), "\(name): \(answer.text)")
      }
    }
  }

  @Test("Every way to delete that is shown deletes", arguments: APIOperation.all.filter { $0.method == "DELETE" })
  func deletions(_ operation: APIOperation) async throws {
    try await Self.withStudy { server, study in
      var study = study
      try await study.prepare(for: operation, on: server)
      let answer = try await server.send(operation, study.target(of: operation), headers: study.headers)
      #expect(answer.status == 200 || answer.status == 204, "\(answer.text)")
    }
  }

  // MARK: What the examples speak of

  /// The study of the examples, with as many trials under way as they name.
  private struct ShownStudy {
    /// The trial that requests are sent to.
    var trial = 17
    var leases: [Int: String] = [:]
    var token = ""
    var headers: [(String, String)] = []

    static let name = "resnet"

    /// The request with the tokens of this server's leases.
    func leased(_ body: JSONValue, of number: Int? = nil) -> JSONValue {
      var number = number ?? trial
      switch body {
      case .array(let elements): return .array(elements.map { leased($0, of: number) })
      case .object(let fields):
        if let own = fields["number"]?.double.flatMap(Int.init(exactly:)) { number = own }
        return .object(
          fields.reduce(into: [:]) { result, field in
            let token = leases[number].map(JSONValue.string)
            result[field.key] = field.key == "lease_token" ? token ?? field.value : leased(field.value, of: number)
          })
      default: return body
      }
    }

    func target(of operation: APIOperation) -> String {
      operation.path.replacing("{study}", with: Self.name).replacing("{number}", with: "\(trial)")
        .replacing("{token}", with: token)
    }

    /// Brings about what an operation needs: those on results need a result, those on tokens one who may grant them.
    mutating func prepare(for operation: APIOperation, on server: RunningServer) async throws {
      let needResult = [
        "correctTrial", "excludeTrial", "predict", "getBest", "getPareto", "getHistory", "getImportance",
      ]
      if operation.id == "createStudy" { try await server.send(.deleteStudy, "/v1/studies/\(Self.name)") }
      if ["createToken", "revokeToken"].contains(operation.id) {
        let issued = try await server.send(
          .createToken, "/v1/tokens", ["name": "shown", "scopes": ["read", "work", "write", "admin"]])
        token = try #require(issued.json["id"]?.string)
        let secret = try #require(issued.json["token"]?.string)
        headers = [("Authorization", "Bearer \(secret)")]
      }
      if ["listCheckpoints", "noteDeletedCheckpoints"].contains(operation.id) {
        try await server.send(.deleteStudy, "/v1/studies/\(Self.name)")
        try await server.send(
          .createStudy, "/v1/studies",
          [
            "name": .string(Self.name), "parameters": [["name": "x", "type": "float", "low": -5, "high": 5]],
            "objectives": [["metric": "loss", "goal": "minimize"]], "tuner": ["name": "population_based"],
          ])
      }
      guard needResult.contains(operation.id) else { return }
      for number in 1...trial {
        let result: JSONValue = ["metrics": ["loss": .number(1 / Double(number))]]
        try await server.send(.tell, "/v1/studies/\(Self.name)/trials/\(number)/tell", result)
      }
    }
  }

  /// Runs a test against a server with the study of the examples, its trials under way.
  ///
  /// - Parameter oracle: an answer that the study's tuner is to ask for, of one trial at a time; nil for none.
  private static func withStudy(
    answering oracle: JSONValue? = nil, _ body: (RunningServer, ShownStudy) async throws -> Void
  ) async throws {
    try await RunningServer.run(catalog: .standard) { server in
      var study = ShownStudy()
      var x: JSONValue = ["name": "x", "type": "float", "low": -5, "high": 5]
      var tuner: JSONValue = ["name": "bayesian", "initial_trials": 17]
      if let oracle {
        study.trial = 1
        x = ["name": "x", "type": "float", "low": -5, "high": 5, "size": 2]
        tuner = ["name": oracle["z_sigma"] == nil ? "maid" : "self_tuning"]
      }
      try await server.send(
        .createStudy, "/v1/studies",
        [
          "name": .string(ShownStudy.name), "parameters": [x],
          "objectives": [["metric": "loss", "goal": "minimize"]], "tuner": tuner,
        ])
      let asked = try await server.send(
        .ask, "/v1/studies/\(ShownStudy.name)/ask", ["count": .integer(study.trial)])
      for trial in try asked.json["trials"]?.elements ?? [] {
        if let number = trial["number"]?.double.flatMap(Int.init(exactly:)) {
          study.leases[number] = trial["lease"]?["token"]?.string
        }
      }
      try await body(server, study)
    }
  }
}
