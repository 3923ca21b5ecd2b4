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
  /// Who knows writes again; `nil` where no answers are kept.
  let repeats: RepeatedWrites?
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

  typealias Write = @Sendable (RoutedRequest) async throws(StudyError) -> StudyAnswer

  /// Carries out a write, unless it was carried out before under its key.
  func carryOut(_ write: @escaping Write) async throws(StudyError) -> HTTPResponse {
    guard let key = try IdempotencyKey.read(http.headers.values(of: IdempotencyKey.field)), let repeats else {
      return HTTPResponse(try await write(self))
    }
    let path = "/" + http.segments.map(APIOperation.encoded).joined(separator: "/")
    let fingerprint = IdempotencyKey.fingerprint(method: http.method.rawValue, path: path, body: http.body)
    // Each token has keys of its own, so that nobody is answered, or refused, for what somebody else has sent.
    return try await repeats.answer("\(token?.id ?? "") \(key)", fingerprint) { (repeatable) throws(StudyError) in
      let answer: Result<StudyAnswer, StudyError> = await RepeatableWrite.$current.withValue(repeatable) {
        do throws(StudyError) { return .success(try await write(self)) } catch { return .failure(error) }
      }
      return try answer.get()
    }
  }

  /// The revision that something must still have by `If-Match`; `nil` for any.
  ///
  /// - Parameter current: reads the revision that it has; asked only where several are named.
  func revision(_ current: () async throws(StudyError) -> Int) async throws(StudyError) -> Int? {
    guard case .oneOf(let revisions) = try condition else { return nil }
    if revisions.count == 1 { return revisions[0] }
    let present = try await current()
    if revisions.contains(present) { return present }
    throw StudyError(.revisionConflict, "The present revision is \(present), which If-Match does not name.")
  }

  /// Whether the reader says by `If-None-Match` that it has a revision already.
  func has(_ revision: Int) throws(StudyError) -> Bool {
    let fields = http.headers.values(of: "If-None-Match")
    if fields.isEmpty { return false }
    return try EntityTag.names(revision, fields.joined(separator: ","))
  }

  /// What `If-Match` asks for; the condition of several fields is that of one with all their tags.
  var condition: EntityTag.Condition {
    get throws(StudyError) {
      let fields = http.headers.values(of: "If-Match")
      return fields.isEmpty ? .any : try EntityTag.condition(fields.joined(separator: ","))
    }
  }
}
