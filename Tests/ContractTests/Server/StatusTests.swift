import Foundation
import Testing
import TuningAPI
import TuningModel

@Suite("Documented statuses")
struct StatusTests {
  /// An operation with a status that it answered.
  struct Reached: Hashable, CustomStringConvertible {
    var operation: String
    var status: Int
    var description: String { "\(operation) \(status)" }
  }

  /// Sends requests and keeps what was answered.
  final class Table {
    private(set) var reached: Set<Reached> = []
    private let server: RunningServer

    init(_ server: RunningServer) { self.server = server }

    func note(_ operation: APIOperation, _ status: Int) {
      reached.insert(Reached(operation: operation.id, status: status))
    }

    /// Sends a request and notes the status, which must be the one expected.
    @discardableResult
    func send(
      _ operation: APIOperation, _ status: Int, _ values: [String], _ body: JSONValue? = nil, query: String = "",
      headers: [(String, String)] = [], raw: [UInt8]? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> HTTPAnswer {
      let target = StatusTests.target(operation, values) + query
      var call = HTTPCall(operation.method, target, headers: headers, body: raw ?? [])
      if let body { call = HTTPCall(operation.method, target, json: body, headers: headers) }
      let answer = try await server.send(call, sourceLocation: sourceLocation)
      #expect(answer.status == status, "\(operation.id): \(answer.text)", sourceLocation: sourceLocation)
      reached.insert(Reached(operation: operation.id, status: answer.status))
      return answer
    }
  }

  static func target(_ operation: APIOperation, _ values: [String]) -> String {
    switch values.count {
    case 0: operation.path()
    case 1: operation.path(values[0])
    default: operation.path(values[0], values[1])
    }
  }

  static let contract = ContractDocument.shared

  static func takesBody(_ operation: APIOperation) -> Bool {
    contract.operation(operation)?.json["requestBody"] != nil
  }

  static let json = ("Content-Type", "application/json")

  static func definition(_ name: String, objectives: [String] = ["loss"], low: Double = -5) -> JSONValue {
    [
      "name": .string(name), "parameters": [["name": "x", "type": "float", "low": .number(low), "high": 5]],
      "objectives": .array(objectives.map { ["metric": .string($0), "goal": "minimize"] }),
      "budget": ["max_parallel": 2],
    ]
  }

  /// The values of the path of an operation, for a study and a trial.
  static func values(_ operation: APIOperation, _ study: String, _ number: String = "1") -> [String] {
    operation.segments.compactMap { $0 == "{study}" || $0 == "{token}" ? study : $0 == "{number}" ? number : nil }
  }

  @Test("Every documented status is answered, and no other")
  func allStatuses() async throws {
    var reached: Set<Reached> = []
    try await RunningServer.run { server in
      let table = Table(server)
      try await studies(table)
      try await trials(table)
      try await refusals(table)
      for operation: APIOperation in [.listTuners, .getHealth, .getReadiness, .getMetrics, .getContract] {
        try await table.send(operation, 200, [])
      }
      try await watching(table, server)
      try await access(table)
      reached.formUnion(table.reached)
    }
    for (code, status) in [(StudyError.Code.storageFailed, 500), (.unavailable, 503)] {
      let error = StudyError(code, "Out of order.")
      try await RunningServer.run(FailingStudies(error: error), access: FailingAccess(error: error)) { server in
        reached.formUnion(try await failures(Table(server), status: status))
      }
    }
    let documented = Set(
      Self.contract.operations.flatMap { operation in
        operation.statuses.map { Reached(operation: operation.id, status: $0) }
      })
    #expect(documented.subtracting(reached) == [])
    #expect(reached.subtracting(documented) == [])
  }

  /// The life of studies.
  private func studies(_ table: Table) async throws {
    try await table.send(.createStudy, 201, [], Self.definition("one"))
    try await table.send(.createStudy, 200, [], Self.definition("one"))
    try await table.send(.createStudy, 409, [], Self.definition("one", low: -4))
    try await table.send(.createStudy, 422, [], Self.definition("other", low: 6))
    try await table.send(.createStudy, 201, [], Self.definition("two", objectives: ["loss", "cost"]))
    try await table.send(.listStudies, 200, [])
    try await table.send(.listStudies, 422, [], query: "?page_size=0")
    let study = try await table.send(.getStudy, 200, ["one"])
    let tag = ("If-Match", try #require(study["ETag"]))
    try await table.send(.updateStudy, 200, ["one"], ["labels": ["a": "b"]], headers: [tag])
    try await table.send(.updateStudy, 412, ["one"], ["labels": ["a": "c"]], headers: [tag])
    try await table.send(.updateStudy, 422, ["one"], ["budget": ["max_trials": 0]])
    try await table.send(.createStudy, 201, [], Self.definition("three"))
    try await table.send(.deleteStudy, 400, ["three"], headers: [("If-Match", "3")])
    try await table.send(.deleteStudy, 412, ["three"], headers: [("If-Match", "\"3\"")])
    try await table.send(.deleteStudy, 204, ["three"], headers: [("If-Match", "\"0\"")])
  }

  /// The life of trials.
  private func trials(_ table: Table) async throws {
    let asked = try await table.send(.ask, 200, ["one"], ["count": 2]).json
    let trials = try #require(asked["trials"]?.elements)
    let tokens = trials.compactMap { $0["lease"]?["token"]?.string }
    #expect(tokens.count == 2)
    let none = try await table.send(.ask, 200, ["one"], ["worker": "late"])
    #expect(try none.json["reason"] == "parallel_limit")
    #expect(none["Retry-After"] == "1")
    try await table.send(.ask, 422, ["one"], ["count": 0])
    try await table.send(.heartbeat, 200, ["one", "1"], ["lease_token": .string(tokens[0])])
    try await table.send(.heartbeat, 409, ["one", "1"], ["lease_token": "other"])
    try await table.send(.heartbeat, 422, ["one", "1"], ["lease_token": .string(tokens[0]), "lease_seconds": -1])
    let report: [String: JSONValue] = ["step": 3, "metrics": ["loss": "NaN"], "lease_token": .string(tokens[0])]
    for _ in 1...2 {
      let answer = try await table.send(.report, 200, ["one", "1"], .object(report))
      #expect(try answer.json == ["decision": ["action": "continue"]])
    }
    let other = try await table.send(
      .report, 409, ["one", "1"], .object(report.merging(["metrics": ["loss": 1]]) { $1 }))
    #expect(try other.json["code"] == "report_conflict")
    #expect(try other.json["trial"]?["measurements"] == [["step": 3, "metrics": ["loss": "NaN"]]])
    let back = try await table.send(.report, 422, ["one", "1"], .object(report.merging(["step": 2]) { $1 }))
    #expect(try back.json["errors"]?.elements?.map { $0["pointer"] } == ["/step"])
    try await table.send(.tell, 409, ["one", "1"], ["metrics": ["loss": 1], "lease_token": "other"])
    try await table.send(.tell, 422, ["one", "1"], ["metrics": ["cost": 1]])
    try await table.send(.getBest, 200, ["one"])
    try await table.send(.predict, 409, ["one"], ["points": [["x": 1]]])
    try await table.send(.tell, 200, ["one", "1"], ["metrics": ["loss": 1], "lease_token": .string(tokens[0])])
    let conflict = try await table.send(.tell, 409, ["one", "1"], ["metrics": ["loss": 2]])
    #expect(try conflict.json["trial"]?["metrics"] == ["loss": 1])
    try await table.send(.requeue, 200, ["one", "2"], ["lease_token": .string(tokens[1])])
    try await table.send(.requeue, 409, ["one", "1"], [:])
    try await table.send(.getBest, 200, ["one"])
    try await table.send(.getBest, 422, ["two"])
    let predicted = try await table.send(.predict, 200, ["one"], ["points": [["x": 1], ["x": 2]]])
    #expect(try predicted.json["predictions"]?.elements?.count == 2)
    #expect(try predicted.json["observations"] == 1)
    try await table.send(.predict, 422, ["one"], ["points": []])
    let measured: JSONValue = [["step": 3, "metrics": ["loss": "NaN"]]]
    #expect(try await table.send(.getTrial, 200, ["one", "1"]).json["measurements"] == measured)
    let plain = try await table.send(.listTrials, 200, ["one"]).json["trials"]?.elements
    #expect(plain?.compactMap { $0["measurements"] } == [])
    let full = try await table.send(.listTrials, 200, ["one"], query: "?measurements=true").json["trials"]?.elements
    #expect(full?.compactMap { $0["measurements"] } == [measured])
    try await table.send(.listTrials, 422, ["one"], query: "?measurements=yes")
    try await table.send(.listTrials, 200, ["one"], query: "?state=completed&page_size=1")
    try await table.send(.listTrials, 422, ["one"], query: "?state=lost")
    try await writes(table)
    try await results(table)
  }

  /// What users do with trials.
  private func writes(_ table: Table) async throws {
    let tag = try #require(try await table.send(.getTrial, 200, ["one", "1"])["ETag"])
    try await table.send(.getTrial, 304, ["one", "1"], headers: [("If-None-Match", tag)])
    try await table.send(.correctTrial, 200, ["one", "1"], ["metrics": ["loss": 3]], headers: [("If-Match", tag)])
    try await table.send(.correctTrial, 412, ["one", "1"], ["metrics": ["loss": 4]], headers: [("If-Match", tag)])
    try await table.send(.correctTrial, 409, ["one", "2"], ["metrics": ["loss": 4]])
    try await table.send(.correctTrial, 422, ["one", "1"], ["metrics": ["cost": 4]])
    try await table.send(.excludeTrial, 412, ["one", "1"], headers: [("If-Match", tag)])
    try await table.send(.excludeTrial, 200, ["one", "1"])
    try await table.send(.ask, 200, ["one"], ["count": 1])
    try await table.send(.excludeTrial, 409, ["one", "2"])
    try await table.send(.enqueue, 201, ["one"], ["trials": [["parameters": ["x": 1]]]])
    try await table.send(.enqueue, 422, ["one"], ["trials": [["parameters": ["x": 7]]]])
    try await table.send(.tellMany, 409, ["one"], ["results": [["number": 1, "metrics": ["loss": 9]]]])
    try await table.send(.tellMany, 200, ["one"], ["results": [["number": 3, "metrics": ["loss": 9]]]])
    try await table.send(.tellMany, 422, ["one"], ["results": []])
  }

  /// What came of a study.
  private func results(_ table: Table) async throws {
    try await table.send(.getPareto, 200, ["one"])
    try await table.send(.getPareto, 422, ["one"], query: "?page_size=0")
    try await table.send(.getHistory, 200, ["one"])
    try await table.send(.getHistory, 422, ["two"])
    try await table.send(.getImportance, 409, ["one"])
    try await table.send(.getImportance, 422, ["two"])
    let told: JSONValue = ["parameters": ["x": 1], "metrics": ["loss": 1]]
    try await table.send(.enqueue, 201, ["one"], ["trials": .array(Array(repeating: told, count: 10))])
    try await table.send(.getImportance, 200, ["one"], query: "?metric=loss&best=0.5")
    try await table.send(.getSchedule, 200, ["one"])
    try await table.send(.getSchedule, 422, ["two"])
    guard case .object(var population) = Self.definition("population") else { return }
    population["tuner"] = ["name": "population_based"]
    try await table.send(.createStudy, 201, [], .object(population))
    try await table.send(.listCheckpoints, 200, ["population"])
    try await table.send(.listCheckpoints, 422, ["one"])
    try await table.send(.noteDeletedCheckpoints, 200, ["population"], ["deleted": ["c1"]])
    try await table.send(.noteDeletedCheckpoints, 422, ["one"], ["deleted": ["c1"]])
  }

  /// A study that is watched until it is deleted.
  private func watching(_ table: Table, _ server: RunningServer) async throws {
    try await table.send(.createStudy, 201, [], Self.definition("watched"))
    try await table.send(.watchStudy, 422, ["watched"], query: "?after=-1")
    let call = HTTPCall("GET", "/v1/studies/watched/events")
    let tap = EventTap(call, port: server.port)
    #expect(await tap.shows("id: 0"))
    try await table.send(.deleteStudy, 204, ["watched"])
    let answer = try HTTPAnswer(await tap.whole())
    #expect(AnswerCheck(call: call, answer: answer).mistakes == [])
    table.note(.watchStudy, answer.status)
  }

  /// The life of access tokens; nothing is answered without one after it.
  private func access(_ table: Table) async throws {
    try await table.send(.createToken, 422, [], ["name": "me", "scopes": []])
    let all: JSONValue = ["name": "me", "scopes": ["read", "work", "write", "admin"]]
    let text = try #require(try await table.send(.createToken, 201, [], all).json["token"]?.string)
    let token = ("Authorization", "Bearer \(text)")
    let other = try await table.send(
      .createToken, 201, [], ["name": "w", "scopes": ["work"], "study_prefix": "o"], headers: [token]
    ).json
    for operation in [APIOperation.listTokens, .listAudit] {
      try await table.send(operation, 200, [], headers: [token])
      try await table.send(operation, 422, [], query: "?page_size=0", headers: [token])
    }
    try await table.send(.revokeToken, 204, [try #require(other["id"]?.string)], headers: [token])
  }

  /// What every operation of a kind refuses.
  private func refusals(_ table: Table) async throws {
    let large = [UInt8](repeating: UInt8(ascii: " "), count: 2 << 20)
    for operation in APIOperation.all where operation.path.hasPrefix("/v1/") {
      let values = Self.values(operation, "one")
      let sample = Self.contract.sampleBody(of: operation)
      if Self.takesBody(operation) {
        try await table.send(operation, 400, values, headers: [Self.json], raw: Array("{\"count\": ".utf8))
        try await table.send(operation, 413, values, headers: [Self.json], raw: large)
        try await table.send(operation, 415, values, headers: [("Content-Type", "text/plain")], raw: sample?.bytes)
      } else {
        try await table.send(operation, 400, values, query: "?surprise=1")
      }
      if values.count > 0 { try await table.send(operation, 404, Self.values(operation, "missing"), sample) }
      if values.count > 1 {
        try await table.send(operation, 404, ["one", "1000"], sample)
        try await table.send(operation, 404, ["one", "first"], sample)
      }
    }
  }

  /// What every operation answers when the engine fails.
  private func failures(_ table: Table, status: Int) async throws -> Set<Reached> {
    for operation in APIOperation.all {
      let expected =
        switch operation {
        case .listTuners, .getHealth, .getMetrics, .getContract: 200
        case .getReadiness: 503
        default: status
        }
      try await table.send(
        operation, expected, Self.values(operation, "one"), Self.contract.sampleBody(of: operation))
    }
    return table.reached
  }
}
