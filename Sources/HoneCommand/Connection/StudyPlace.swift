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
    do throws(StudyError) {
      return try await Hone.open(path)
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

  /// Does something with the engine on a database file, which is closed afterwards.
  static func use<Result>(
    _ path: String, creating isCreating: Bool = false, _ body: (StudyService) async throws -> Result
  ) async throws -> Result {
    if !isCreating && !FileManager.default.fileExists(atPath: path) {
      throw CommandFailure(
        .notFound, "there is no database \(path). hone study create and hone serve make one.")
    }
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
