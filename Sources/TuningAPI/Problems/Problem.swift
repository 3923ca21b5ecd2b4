public import TuningModel

/// What went wrong with a request, as `application/problem+json` (RFC 9457) tells it.
public struct Problem: WireForm, Hashable {
  /// The media type of this form.
  public static let mediaType = "application/problem+json"

  /// What sort of problem this is: the raw value of a `StudyError.Code` or a `TransportCode`, or what a newer server says.
  public var code: String
  /// What the code means.
  public var title: String
  /// The status of the answer.
  public var status: Int
  /// What was wrong this time, where, and what to do.
  public var detail: String
  /// The mistakes in the input.
  public var errors: [InputMistake]
  /// The trial as it is stored, where the request contradicts it.
  public var trial: Trial?
  /// The name of the request in the server's log.
  public var requestID: String?

  private init(
    code: String, title: String, status: Int, detail: String, errors: [InputMistake] = [], trial: Trial? = nil,
    requestID: String?
  ) {
    self.code = code
    self.title = title
    self.status = status
    self.detail = detail
    self.errors = errors
    self.trial = trial
    self.requestID = requestID
  }

  /// What a study operation failed with.
  public init(_ error: StudyError, status: Int, requestID: String?) {
    self.init(
      code: error.code.rawValue, title: error.code.title, status: status, detail: error.message,
      errors: error.mistakes, trial: error.trial, requestID: requestID)
  }

  /// What was wrong before any study was concerned.
  public init(_ code: TransportCode, _ detail: String, status: Int, requestID: String?) {
    self.init(code: code.rawValue, title: code.title, status: status, detail: detail, requestID: requestID)
  }

  /// Reads a problem; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let code = object.required("code")?.string()
    let title = object.required("title")?.string()
    let status = object.required("status")?.integer(in: 100...999)
    let detail = object.required("detail")?.string()
    let errors = object.optional("errors")?.array()?.compactMap(InputMistake.init(reading:)) ?? []
    let trial = object.optional("trial").flatMap(Trial.init(reading:))
    let requestID = object.optional("request_id")?.string()
    _ = object.optional("type")  // Says the same as the code.
    object.finish()
    guard reader.mistakes.all.count == before, let code, let title, let status, let detail else { return nil }
    self.init(
      code: code, title: title, status: status, detail: detail, errors: errors, trial: trial, requestID: requestID)
  }

  /// The problem as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "type": .string("urn:hone:problem:\(code)"), "title": .string(title), "status": .integer(status),
      "detail": .string(detail), "code": .string(code), "errors": errors.isEmpty ? nil : .array(errors.map(\.json)),
      "trial": trial?.json, "request_id": requestID.map(JSONValue.string),
    ])
  }
}
