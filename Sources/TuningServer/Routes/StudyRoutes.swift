import SocketHTTP
import TuningAPI
import TuningModel

/// Studies: create, list, read, change, delete.
struct StudyRoutes: Sendable {
  let studies: any StudyClient

  var routes: [Route] {
    [
      Route(.createStudy, create), Route(.listStudies, query: PageRequest.self, list), Route(.getStudy, read),
      Route(.updateStudy, update), Route(.deleteStudy, delete),
    ]
  }

  @Sendable private func create(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let definition = try request.body(StudyDefinition.self)
    try request.token?.check(covers: definition.name)
    let created = try await studies.create(definition)
    var response = Self.response(created.summary, status: created.isNew ? .created : .ok)
    response.headers["Location"] = APIOperation.getStudy.path(created.summary.study.name)
    return response
  }

  @Sendable private func list(_ request: RoutedRequest, _ page: PageRequest) async throws(StudyError) -> HTTPResponse {
    guard let prefix = request.token?.studyPrefix else { return .json(try await studies.studies(page)) }
    return .json(try await StudyPrefix.page(page, of: studies, beginningWith: prefix))
  }

  @Sendable private func read(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    Self.response(try await studies.study(request.study))
  }

  @Sendable private func update(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let patch = try request.body(StudyPatch.self)
    return Self.response(
      try await studies.update(request.study, patch, revision: try await revision(for: request)))
  }

  @Sendable private func delete(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    try await studies.delete(request.study, revision: try await revision(for: request))
    return HTTPResponse(.noContent)
  }

  /// The revision that the study must still have by `If-Match`; `nil` for any.
  private func revision(for request: RoutedRequest) async throws(StudyError) -> Int? {
    guard case .oneOf(let revisions) = try request.condition else { return nil }
    if revisions.count == 1 { return revisions[0] }
    let current = try await studies.study(request.study).study.revision
    if revisions.contains(current) { return current }
    throw StudyError(
      .revisionConflict, "The study \"\(request.study)\" has revision \(current), which If-Match does not name.")
  }

  private static func response(_ summary: StudySummary, status: HTTPStatus = .ok) -> HTTPResponse {
    .json(summary, status: status, headers: ["ETag": EntityTag.text(summary.study.revision)])
  }
}
