import Foundation
import HoneClient
import SQLiteStorage
import StudyOperations
import TuningModel

extension StudyPlace {
  /// Does something with the access tokens; a database is closed afterwards.
  ///
  /// - Parameter isCreating: whether a database that is not there is made.
  func useAccess<Result>(
    creating isCreating: Bool = false, _ body: (any AccessClient) async throws -> Result
  ) async throws -> Result {
    switch self {
    case .server(let url, let token):
      return try await body(RemoteStudyClient(server: url, token: token))
    case .database(let path):
      try Self.checkPresence(path, creating: isCreating)
      let store = try await Self.advisingServer { () async throws(StudyError) in
        try await SQLiteStudyStore.open(path)
      }
      do {
        let result = try await body(try await AccessControl(store: store))
        await store.close()
        return result
      } catch {
        await store.close()
        throw error
      }
    }
  }
}
