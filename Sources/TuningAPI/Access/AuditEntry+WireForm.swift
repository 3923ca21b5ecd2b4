public import TuningModel

extension AuditEntry: ListedWireForm {
  /// The name of the field that lists such values.
  public static var listName: String { "entries" }

  /// Reads an entry; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let number = object.required("number")?.integer(in: 1...Int.exactRange.upperBound)
    let at = object.required("at")?.timestamp()
    let action = object.required("action")?.choice(of: Action.self)
    let subject = object.required("subject")?.string()
    let kind = object.required("caller")?.choice(of: Caller.Kind.self)
    let tokenID = object.optional("token_id")?.string()
    let requestID = object.optional("request_id")?.string()
    object.finish()
    guard let number, let at, let action, let subject, let kind else { return nil }
    self.init(
      number: number, at: at, action: action, subject: subject,
      caller: Caller(kind, tokenID: tokenID, requestID: requestID))
  }

  /// The entry as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "number": .integer(number), "at": .string(at.text), "action": .string(action.rawValue),
      "subject": .string(subject), "caller": .string(caller.kind.rawValue),
      "token_id": caller.tokenID.map(JSONValue.string), "request_id": caller.requestID.map(JSONValue.string),
    ])
  }
}
