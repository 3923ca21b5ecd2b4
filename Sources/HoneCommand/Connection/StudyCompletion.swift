import ArgumentParser
import Foundation
import HoneClient
import TuningModel

extension CompletionKind {
  /// The names of the studies of the place that the line so far, or the environment, names.
  ///
  /// A place that does not answer at once has no names to offer.
  static var studies: CompletionKind {
    .custom { (words: [String], _: Int, _: String) async -> [String] in
      func value(after option: String) -> String? {
        if let index = words.lastIndex(of: option), index + 1 < words.count { return words[index + 1] }
        return words.last { $0.hasPrefix(option + "=") }.map { String($0.dropFirst(option.count + 1)) }
      }
      var options = ConnectionOptions()
      options.database = value(after: "--db")
      options.server = value(after: "--server")
      options.token = value(after: "--token")
      do {
        let read: (any StudyClient) async throws -> [String] = { client in
          try await client.studies(PageRequest(size: 1_000)).elements.map(\.name)
        }
        switch try options.place() {
        case .server(let url, let token):
          return try await read(
            RemoteStudyClient(
              server: url, token: token, timeout: .seconds(2), retries: RetryPolicy(attempts: 1)))
        case .database(let path): return try await StudyPlace.use(path, read)
        }
      } catch {
        return []
      }
    }
  }
}
