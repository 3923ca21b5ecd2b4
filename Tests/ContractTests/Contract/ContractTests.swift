import Foundation
import Testing
import TuningAPI
import TuningModel
import TuningServer

@Suite("The contract")
struct ContractTests {
  let contract = ContractDocument.shared

  @Test("The contract, the list that client and server share, and the routes name the same operations")
  func operations() {
    func names(_ operations: [APIOperation]) -> [String] {
      operations.map { "\($0.id) \($0.method) \($0.path)" }.sorted()
    }
    let server = StudyServer(
      configuration: ServerConfiguration(), studies: FailingStudies(error: StudyError(.unavailable, "")),
      access: FailingAccess(error: StudyError(.unavailable, "")), answers: nil, tuners: [],
      logger: CapturedLog().logger)
    let documented = contract.operations.map { "\($0.id) \($0.method) \($0.path)" }.sorted()
    #expect(documented == names(APIOperation.all))
    #expect(documented == names(server.operations))
  }

  @Test("Every example fits its schema", arguments: ContractDocument.shared.contents)
  func examplesFit(_ content: ContractDocument.Content) {
    #expect(!content.examples.isEmpty, "there is no example")
    for (name, example) in content.examples {
      let value = example["value"] ?? .null
      #expect(SchemaChecker(contract: contract).mistakes(value, content.schema) == [], "example \(name)")
    }
  }

  @Test("Schemas have no keyword that the checker does not know")
  func keywords() throws {
    let schemas = try #require(contract.root["components"]?["schemas"]?.fields)
    for (name, schema) in schemas { expectKnown(schema, name) }
  }

  private func expectKnown(_ schema: JSONValue, _ place: String) {
    #expect((schema.fields ?? [:]).keys.filter { !SchemaChecker.keywords.contains($0) } == [], "\(place)")
    for (name, part) in schema["properties"]?.fields ?? [:] { expectKnown(part, "\(place).\(name)") }
    for key in ["items", "additionalProperties"] {
      if let part = schema[key], part.fields != nil { expectKnown(part, "\(place).\(key)") }
    }
    for key in ["oneOf", "anyOf", "allOf"] {
      for part in schema[key]?.elements ?? [] { expectKnown(part, "\(place).\(key)") }
    }
  }

  @Test("Every part of every schema is described")
  func described() {
    for (name, schema) in contract.root["components"]?["schemas"]?.fields ?? [:] { expectDescribed(schema, name) }
  }

  private func expectDescribed(_ schema: JSONValue, _ place: String) {
    #expect(contract.resolved(schema)["description"] != nil || schema["description"] != nil, "\(place)")
    for (name, part) in schema["properties"]?.fields ?? [:] { expectDescribed(part, "\(place).\(name)") }
    for (index, part) in (schema["oneOf"]?.elements ?? []).enumerated() where part["properties"] != nil {
      expectDescribed(part, "\(place)[\(index)]")
    }
  }

  @Test("Objects of requests refuse unknown fields")
  func closedRequests() {
    for content in contract.contents where content.isRequest {
      let schema = contract.resolved(content.schema)
      for part in schema["oneOf"]?.elements ?? [schema] {
        #expect(part["additionalProperties"] == false, "\(content.place)")
      }
    }
  }

  @Test("A study as it is answered has every field of its definition")
  func studyHasDefinition() throws {
    let schemas = try #require(contract.root["components"]?["schemas"])
    let definition = try #require(schemas["StudyDefinition"]?["properties"]?.fields)
    let study = try #require(schemas["Study"]?["properties"]?.fields)
    #expect(definition.filter { study[$0.key] != $0.value } == [:])
  }

  @Test("The contract names the scopes that each operation needs")
  func scopes() {
    for operation in APIOperation.all {
      let documented = contract.operation(operation)?.json
      switch operation.access {
      case .open: #expect(documented?["security"] == [], "\(operation.id)")
      case .scopes(let scopes):
        #expect(documented?["x-scopes"]?.elements == scopes.map { .string($0.rawValue) }, "\(operation.id)")
      }
    }
  }

  @Test("The problem codes are those that the code knows")
  func codes() throws {
    let listed = try #require(
      contract.root["components"]?["schemas"]?["Problem"]?["properties"]?["code"]?["enum"]?.elements)
    let clientOnly: Set<StudyError.Code> = [.unreachable, .unexpectedAnswer]
    let known =
      StudyError.Code.allCases.filter { !clientOnly.contains($0) }.map(\.rawValue)
      + TransportCode.allCases.map(\.rawValue)
    #expect(Set(listed.compactMap(\.string)) == Set(known))
    #expect(listed.count == known.count)
  }

  @Test("The states, goals and reasons are those that the code knows")
  func enumerations() {
    func listed(_ name: String, _ property: String? = nil) -> Set<String> {
      let schema = contract.root["components"]?["schemas"]?[name]
      let part = property.flatMap { schema?["properties"]?[$0] } ?? schema
      return Set((part?["enum"]?.elements ?? []).compactMap(\.string))
    }
    #expect(listed("TrialState") == Set(TrialState.allCases.map(\.rawValue)))
    #expect(listed("StudyState") == Set(StudyState.allCases.map(\.rawValue)))
    #expect(listed("Objective", "goal") == Set(Goal.allCases.map(\.rawValue)))
    #expect(listed("AskAnswer", "reason") == Set(AskAnswer.Shortfall.allCases.map(\.rawValue)))
    #expect(listed("AccessScope") == Set(AccessScope.allCases.map(\.rawValue)))
    #expect(listed("AuditEntry", "action") == Set(AuditEntry.Action.allCases.map(\.rawValue)))
    #expect(listed("AuditEntry", "caller") == Set(Caller.Kind.allCases.map(\.rawValue)))
    #expect(listed("ServerStatus", "status") == Set(ServerStatus.allCases.map(\.rawValue)))
  }

  @Test("The server serves the contract byte for byte")
  func served() async throws {
    let file = [UInt8](try Data(contentsOf: ContractDocument.path))
    try await RunningServer.run { server in
      let answer = try await server.send(.getContract, "/openapi.yaml")
      #expect(answer.body == file)
      #expect(answer["Content-Type"] == "application/yaml")
    }
  }
}
