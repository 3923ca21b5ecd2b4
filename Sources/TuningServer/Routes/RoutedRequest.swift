import SocketHTTP
import TuningAPI
import TuningModel

/// A request whose route is known.
struct RoutedRequest: Sendable {
  /// The request.
  let http: HTTPRequest
  /// What stands in the path's varying segments, by their names.
  let values: [String: String]
  /// The access token that it came with, where one is needed.
  let token: AccessToken?
  /// Whether it would be admitted still, for answers that go on for long.
  let isAdmitted: @Sendable () -> Bool

  /// The study that the path names.
  var study: String { values["study"] ?? "" }

  /// The trial that the path names.
  ///
  /// - Throws: `trialNotFound` where it is no number that a trial could have.
  var trial: TrialNumber {
    get throws(StudyError) {
      let text = values["number"] ?? ""
      guard let number = Int(text), number >= 1, "\(number)" == text else {
        throw StudyError(.trialNotFound, "\"\(text.prefix(80))\" is not the number of a trial; they are 1, 2, 3, …")
      }
      return number
    }
  }

  /// The body.
  func body<Form: WireForm>(_: Form.Type) throws(StudyError) -> Form { try Form(request: http.body) }

  /// The query.
  func query<Query: WireQuery>(_: Query.Type) throws(StudyError) -> Query {
    try Query(http.query.items.map { QueryItem($0.name, $0.value) })
  }

  /// What `If-Match` asks for; the condition of several fields is that of one with all their tags.
  var condition: EntityTag.Condition {
    get throws(StudyError) {
      let fields = http.headers.values(of: "If-Match")
      return fields.isEmpty ? .any : try EntityTag.condition(fields.joined(separator: ","))
    }
  }
}
