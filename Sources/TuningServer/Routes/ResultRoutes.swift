import SocketHTTP
import TuningAPI
import TuningModel

/// What came of a study: its best trial, its Pareto front, how the best value came about, which
/// parameters matter.
struct ResultRoutes: Sendable {
  let studies: any StudyClient

  var routes: [Route] {
    [
      Route(.getBest, best), Route(.getPareto, query: PageRequest.self, pareto), Route(.getHistory, history),
      Route(.getImportance, query: ImportanceQuery.self, importance),
    ]
  }

  @Sendable private func best(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    .json(BestAnswer(try await studies.best(request.study)))
  }

  @Sendable private func pareto(_ request: RoutedRequest, _ page: PageRequest) async throws(StudyError) -> HTTPResponse
  {
    .json(try await studies.pareto(request.study, page))
  }

  @Sendable private func history(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    .json(try await studies.history(request.study))
  }

  @Sendable private func importance(
    _ request: RoutedRequest, _ query: ImportanceQuery
  ) async throws(StudyError) -> HTTPResponse {
    .json(try await studies.importance(request.study, query.selection))
  }
}
