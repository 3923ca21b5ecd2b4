import SocketHTTP
import TuningAPI
import TuningModel

/// The server itself: alive, ready, the contract.
struct ServerRoutes: Sendable {
  let studies: any StudyClient
  let readiness: Readiness

  var routes: [Route] {
    [
      Route(.getHealth, ignoringQuery: health), Route(.getReadiness, ignoringQuery: ready),
      Route(.getContract, ignoringQuery: contract),
    ]
  }

  /// The answer to whether the process is alive; it is made from memory, on the event loop itself.
  static var alive: HTTPResponse { .json(ServerStatus.alive) }

  @Sendable private func health(_: RoutedRequest) async throws(StudyError) -> HTTPResponse { Self.alive }

  /// Ready is a server that takes asks and whose database answers.
  @Sendable private func ready(_: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    try readiness.check()
    do throws(StudyError) {
      _ = try await studies.studies(PageRequest(size: 1))
    } catch {
      throw StudyError(.unavailable, "The database does not answer.")
    }
    return .json(ServerStatus.ready)
  }

  @Sendable private func contract(_: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    HTTPResponse(headers: ["Content-Type": "application/yaml"], body: .bytes(Contract.bytes))
  }
}
