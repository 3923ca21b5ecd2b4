public import TuningModel

extension ListedStudy: ListedWireForm {
  /// The name of the field that lists such values.
  public static var listName: String { "studies" }

  /// Reads a study of a list; notes mistakes.
  ///
  /// One with an `error` has no definition.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    if object.optional("error") == nil {
      guard let summary = StudySummary(reading: reader) else { return nil }
      self = .readable(summary)
    } else {
      guard let study = UnreadableStudy(reading: object) else { return nil }
      self = .unreadable(study)
    }
  }

  /// The study as JSON.
  public var json: JSONValue {
    switch self {
    case .readable(let summary): summary.json
    case .unreadable(let study): study.json
    }
  }
}

extension UnreadableStudy {
  fileprivate init?(reading object: JSONObjectReader) {
    let name = object.required("name")?.string()
    let error = object.required("error")?.string()
    let state = object.required("state")?.choice(of: StudyState.self)
    let createdAt = object.required("created_at")?.timestamp()
    let revision = object.required("revision")?.integer(in: 0...Int.exactRange.upperBound)
    let counts = object.required("trial_counts").flatMap(StudySummary.counts(reading:))
    object.finish()
    guard let name, let error, let state, let createdAt, let revision, let counts else { return nil }
    self.init(name: name, state: state, createdAt: createdAt, revision: revision, counts: counts, error: error)
  }

  fileprivate var json: JSONValue {
    [
      "name": .string(name), "error": .string(error), "state": .string(state.rawValue),
      "created_at": .string(createdAt.text), "revision": .integer(revision),
      "trial_counts": StudySummary.json(of: counts),
    ]
  }
}
