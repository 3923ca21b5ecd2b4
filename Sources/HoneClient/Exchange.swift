import Foundation
import TuningAPI
import TuningModel

/// One request of the client, before it is put on the network.
struct Exchange: Sendable {
  /// The operation.
  var operation: APIOperation
  /// The path with its query, encoded.
  var target: String
  /// The JSON body.
  var body: [UInt8]?
  /// The revision that the study, or the trial, must still have.
  var revision: Int?
  /// By what the server knows a write again, so that it can be sent twice.
  let key: String?
  /// Whether sending it twice does no more than sending it once.
  var isRepeatable: Bool

  init(
    _ operation: APIOperation, _ target: String, query: [QueryItem] = [], body: (any WireForm)? = nil,
    revision: Int? = nil, isRepeatable: Bool? = nil
  ) {
    self.operation = operation
    self.target = target + query.encoded
    self.body = body?.body
    self.revision = revision
    key = operation.isKept ? IdempotencyKey.draw() : nil
    self.isRepeatable = isRepeatable ?? (operation.method == "GET" || operation.isKept)
  }
}

/// What came back.
struct Answer: Sendable {
  var status: Int
  var mediaType: String
  var retryAfterSeconds: Int?
  var body: Data

  var isSuccess: Bool { (200...299).contains(status) }

  /// The error that the answer tells of.
  ///
  /// What is no problem document comes from something in between, such as a proxy, or from another server.
  var error: StudyError {
    if mediaType == Problem.mediaType {
      do throws(StudyError) { return try Problem(answer: body).studyError } catch { return error }
    }
    switch status {
    case 429: return StudyError(.rateLimited, "The requests come too fast: something before the server answered 429.")
    case 502, 503, 504:
      return StudyError(.unavailable, "The server cannot answer now: something before it answered \(status).")
    default:
      return StudyError(
        .unexpectedAnswer,
        "The answer has the status \(status) and is not Hone's; is this the address of a Hone server?")
    }
  }
}
