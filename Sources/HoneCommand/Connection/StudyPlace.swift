import Foundation
import Hone
import HoneClient
import StudyOperations
import TuningModel

/// Where studies are kept, and how to reach them.
enum StudyPlace: Sendable {
  /// A file, which this process opens itself.
  case database(path: String)
  /// A server.
  case server(URL, token: String?)

  private static func open(_ path: String) async throws -> StudyService {
    try await advisingServer { () async throws(StudyError) in try await Hone.open(path) }
  }

  /// Opens a database; where somebody holds it, the message says how to reach it all the same.
  static func advisingServer<Opened: Sendable>(
    _ open: () async throws(StudyError) -> Opened
  ) async throws -> Opened {
    do throws(StudyError) {
      return try await open()
    } catch {
      guard error.code == .databaseInUse else { throw error }
      throw CommandFailure(
        ExitStatus(error.code), "\(error.message) Where a server holds it, name the server's address with --server.")
    }
  }

  /// Does something with the studies; a database is closed afterwards.
  ///
  /// - Parameter isCreating: whether a database that is not there is made; otherwise that is an error, as a mistyped path
  ///   is likelier than the wish for an empty one.
  func use<Result>(
    creating isCreating: Bool = false, _ body: (any StudyClient) async throws -> Result
  ) async throws -> Result {
    switch self {
    case .server(let url, let token):
      return try await body(RemoteStudyClient(server: url, token: token))
    case .database(let path):
      return try await Self.use(path, creating: isCreating, body)
    }
  }

  /// - Throws: `CommandFailure` where a database is not there and shall not be made.
  static func checkPresence(_ path: String, creating isCreating: Bool) throws(CommandFailure) {
    if isCreating || FileManager.default.fileExists(atPath: path) { return }
    throw CommandFailure(.notFound, "there is no database \(path). hone study create and hone serve make one.")
  }

  /// Does something with the engine on a database file, which is closed afterwards.
  static func use<Result>(
    _ path: String, creating isCreating: Bool = false, _ body: (StudyService) async throws -> Result
  ) async throws -> Result {
    try checkPresence(path, creating: isCreating)
    let service = try await open(path)
    do {
      let result = try await body(service)
      await service.shutdown(leavingComputations: true)
      return result
    } catch {
      await service.shutdown(leavingComputations: true)
      throw error
    }
  }
}
