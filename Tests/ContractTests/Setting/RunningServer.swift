import Foundation
import HoneClient
import Logging
import SQLiteStorage
import SocketHTTP
import StoppingRules
import StudyOperations
import Testing
import TuningAPI
import TuningModel
import TuningServer

/// A server on a port of its own, all of whose answers are held to the contract.
struct RunningServer: Sendable {
  let server: StudyServer
  let port: UInt16
  let log: CapturedLog

  /// The engine behind it and its database; `nil` where everything fails.
  let studies: any StudyClient

  static let catalog = TunerCatalog(
    [UniformTuner.self], stoppingRules: [SuccessiveHalvingRule.self, MedianRule.self])

  var url: URL { get throws { try #require(URL(string: "http://127.0.0.1:\(port)")) } }

  func client(retries: RetryPolicy = .never) throws -> RemoteStudyClient {
    RemoteStudyClient(server: try url, retries: retries)
  }

  /// Runs a test against a server over a real database in a folder of its own.
  static func run(
    _ configure: (inout ServerConfiguration) -> Void = { _ in }, _ body: (RunningServer) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try await SQLiteStudyStore.open(
      folder.appendingPathComponent("hone.db").path, durability: .relaxed)
    let service = StudyService(store: store, catalog: catalog, sweepInterval: nil)
    do {
      try await run(service, configure, body)
    } catch {
      await service.shutdown()
      throw error
    }
    await service.shutdown()
  }

  /// Runs a test against a server over these studies.
  static func run(
    _ studies: any StudyClient, _ configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (RunningServer) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(port: 0)
    configure(&configuration)
    let log = CapturedLog()
    let server = StudyServer(
      configuration: configuration, studies: studies, answers: studies as? any AnswerKeeper,
      tuners: catalog.descriptions, stoppingRules: catalog.stoppingRules, logger: log.logger)
    let address = try await server.start()
    do {
      try await body(RunningServer(server: server, port: address.port, log: log, studies: studies))
    } catch {
      await server.shutdown(grace: .zero)
      throw error
    }
    await server.shutdown()
  }

  /// Sends a request, and holds the answer to the contract.
  @discardableResult
  func send(_ call: HTTPCall, sourceLocation: SourceLocation = #_sourceLocation) async throws -> HTTPAnswer {
    let answer = try HTTPAnswer(try await exchange(call.bytes, port: port))
    for mistake in AnswerCheck(call: call, answer: answer).mistakes {
      Issue.record("\(call.method) \(call.target) \(answer.status): \(mistake)", sourceLocation: sourceLocation)
    }
    return answer
  }

  /// Sends the request of an operation, with a body where one is given.
  @discardableResult
  func send(
    _ operation: APIOperation, _ target: String, _ json: JSONValue? = nil, headers: [(String, String)] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> HTTPAnswer {
    let call =
      json.map { HTTPCall(operation.method, target, json: $0, headers: headers) }
      ?? HTTPCall(operation.method, target, headers: headers)
    return try await send(call, sourceLocation: sourceLocation)
  }

  /// All that the server says of its studies and their trials, as text.
  func everything() async throws -> String {
    let studies = try await send(.listStudies, "/v1/studies")
    var text = studies.text
    for study in try studies.json["studies"]?.elements ?? [] {
      text += try await send(.listTrials, "/v1/studies/\(study["name"]?.string ?? "")/trials").text
    }
    return text
  }
}
