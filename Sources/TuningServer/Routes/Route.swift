import SocketHTTP
import TuningAPI
import TuningModel

/// An operation of the contract and what answers it.
struct Route: Sendable {
  typealias Answer = @Sendable (RoutedRequest) async throws(StudyError) -> HTTPResponse

  /// The operation.
  let operation: APIOperation
  /// What answers it.
  let answer: Answer

  /// An operation that takes no query; any parameter is refused.
  init(_ operation: APIOperation, _ answer: @escaping Answer) {
    self.init(operation, query: NoQuery.self) { (request, _) throws(StudyError) in try await answer(request) }
  }

  /// A write, which is carried out once under its `Idempotency-Key`; it takes no query.
  init(_ operation: APIOperation, write: @escaping RoutedRequest.Write) {
    self.init(operation) { (request) throws(StudyError) in try await request.carryOut(write) }
  }

  /// An operation with a query.
  init<Query: WireQuery>(
    _ operation: APIOperation, query: Query.Type,
    _ answer: @escaping @Sendable (RoutedRequest, Query) async throws(StudyError) -> HTTPResponse
  ) {
    self.init(
      operation,
      ignoringQuery: { (request) throws(StudyError) in
        try await answer(request, try request.query(Query.self))
      })
  }

  /// An operation that does not look at its query, as probes and browsers may add one.
  init(_ operation: APIOperation, ignoringQuery answer: @escaping Answer) {
    self.operation = operation
    self.answer = answer
  }

  /// Whether it reads a body, which must be JSON then.
  var takesBody: Bool { operation.method == "POST" || operation.method == "PATCH" }
}
