import SocketHTTP
import TuningAPI
import TuningModel

/// Studies: create, list, read, change, delete.
struct StudyRoutes: Sendable {
  let studies: any StudyClient

  var routes: [Route] {
    [
      Route(.createStudy, write: create), Route(.listStudies, query: PageRequest.self, list), Route(.getStudy, read),
      Route(.updateStudy, write: update), Route(.deleteStudy, write: delete),
    ]
  }

  @Sendable private func create(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    let definition = try request.body(StudyDefinition.self)
    try request.token?.check(covers: definition.name)
    return .created(try await studies.create(definition))
  }

  @Sendable private func list(_ request: RoutedRequest, _ page: PageRequest) async throws(StudyError) -> HTTPResponse {
    guard let prefix = request.token?.studyPrefix else { return .json(try await studies.studies(page)) }
    return .json(try await StudyPrefix.page(page, of: studies, beginningWith: prefix))
  }

  @Sendable private func read(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    .study(try await studies.study(request.study))
  }

  @Sendable private func update(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    let patch = try request.body(StudyPatch.self)
    return .updated(try await studies.update(request.study, patch, revision: try await revision(for: request)))
  }

  @Sendable private func delete(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    try await studies.delete(request.study, revision: try await revision(for: request))
    return .deleted
  }

  /// The revision that the study must still have by `If-Match`; `nil` for any.
  private func revision(for request: RoutedRequest) async throws(StudyError) -> Int? {
    try await request.revision { () throws(StudyError) in try await studies.study(request.study).study.revision }
  }
}
