import Bilevel
import Foundation
import HoneClient
import Instruments
import Logging
import SQLiteStorage
import SocketHTTP
import StoppingRules
import StudyOperations
import Testing
import Tuners
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

  /// The folder of its database; empty where it has none.
  var folder = ""

  /// Its access tokens.
  let access: any AccessGuard

  static let catalog = TunerCatalog(
    [UniformTuner.self, MAIDTuner.self, PopulationBasedTuner.self],
    stoppingRules: [SuccessiveHalvingRule.self, MedianRule.self])

  var url: URL { get throws { try #require(URL(string: "http://127.0.0.1:\(port)")) } }

  func client(token: String? = nil, retries: RetryPolicy = .never) throws -> RemoteStudyClient {
    RemoteStudyClient(server: try url, token: token, retries: retries)
  }

  /// Runs a test against a server over a real database in a folder of its own.
  static func run(
    catalog: TunerCatalog = catalog, _ configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (RunningServer) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try await SQLiteStudyStore.open(
      folder.appendingPathComponent("hone.db").path, durability: .relaxed)
    let service = StudyService(store: store, catalog: catalog, sweepInterval: nil)
    do {
      try await store.beginCensus()
      let access = try await AccessControl(store: store)
      try await run(
        service, access: access, metrics: service.metrics + store.metrics, catalog: catalog, configure
      ) { server in
        var server = server
        server.folder = folder.path
        try await body(server)
      }
    } catch {
      await service.shutdown()
      throw error
    }
    await service.shutdown()
  }

  /// Runs a test against a server over these studies.
  static func run(
    _ studies: any StudyClient & StudyWatching,
    access: any AccessGuard = FailingAccess(error: StudyError(.unavailable, "")),
    metrics: [MetricFamily] = [], catalog: TunerCatalog = catalog,
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (RunningServer) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(port: 0)
    configure(&configuration)
    let log = CapturedLog()
    let server = StudyServer(
      configuration: configuration, studies: studies, access: access, answers: studies as? any AnswerKeeper,
      tuners: catalog.descriptions,
      stoppingRules: catalog.stoppingRules, metrics: metrics, logger: log.logger)
    let address = try await server.start()
    do {
      try await body(RunningServer(server: server, port: address.port, log: log, studies: studies, access: access))
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
