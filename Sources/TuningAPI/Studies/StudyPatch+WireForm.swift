public import TuningModel

extension StudyPatch: WireForm {
  /// Reads what to change; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let patch = reader.sound {
      StudyPatch(
        state: object.optional("state")?.choice(of: StudyState.self),
        budget: object.optional("budget").flatMap(Budget.init(reading:)),
        labels: object.optional("labels").flatMap([String: String].init(readingLabels:)))
    }
    object.finish()
    guard let patch else { return nil }
    self = patch
  }

  /// The change as JSON, without what stays.
  public var json: JSONValue {
    .object(omittingNil: [
      "state": state.map { .string($0.rawValue) }, "budget": budget?.json,
      "labels": labels.map { .object($0.mapValues(JSONValue.string)) },
    ])
  }
}
