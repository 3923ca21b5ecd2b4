public import TuningModel

extension StudyNotice: WireForm {
  /// Reads an entry; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let sequence = object.required("sequence")?.integer(in: 1...Int.exactRange.upperBound)
    let at = object.required("at")?.timestamp()
    let kind = object.required("kind")?.string()
    let trial = object.optional("trial")?.integer(in: 1...Int.exactRange.upperBound)
    let details = object.required("details")?.value
    object.finish()
    guard let sequence, let at, let kind, let details else { return nil }
    self.init(sequence: sequence, at: at, kind: kind, trial: trial, details: details)
  }

  /// The entry as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "sequence": .integer(sequence), "at": .string(at.text), "kind": .string(kind),
      "trial": trial.map(JSONValue.integer), "details": details,
    ])
  }
}
