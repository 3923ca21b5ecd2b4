import SocketHTTP
import TuningAPI
import TuningModel

/// What came of a population: the schedule of its best member, and which checkpoints are still wanted.
struct PopulationRoutes: Sendable {
  let studies: any StudyClient

  var routes: [Route] {
    [
      Route(.getSchedule, schedule), Route(.listCheckpoints, query: PageRequest.self, list),
      Route(.noteDeletedCheckpoints, noteDeleted),
    ]
  }

  @Sendable private func schedule(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    .json(ScheduleAnswer(try await studies.schedule(request.study)))
  }

  @Sendable private func list(_ request: RoutedRequest, _ page: PageRequest) async throws(StudyError) -> HTTPResponse {
    .json(try await studies.checkpoints(request.study, page))
  }

  @Sendable private func noteDeleted(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let deleted = try request.body(DeletedCheckpoints.self)
    try await studies.noteDeleted(request.study, deleted.checkpoints)
    return .json(deleted)
  }
}
