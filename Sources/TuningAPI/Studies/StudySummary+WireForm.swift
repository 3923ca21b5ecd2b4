public import TuningModel

extension StudySummary: WireForm {
  /// Reads a study; notes mistakes.
  ///
  /// The definition's fields and those of its progress stand in one object, so that what was posted is found again.
  public init?(reading reader: JSONReader) {
    guard let definition = StudyDefinition(reading: reader), let object = reader.object() else { return nil }
    let tuner = object.required("tuner_in_use")?.object()
    let tunerName = tuner?.required("name")?.string()
    let seed = tuner?.required("seed")?.integer(in: 0...Int.exactRange.upperBound)
    let state = object.required("state")?.choice(of: StudyState.self)
    let createdAt = object.required("created_at")?.timestamp()
    let revision = object.required("revision")?.integer(in: 0...Int.exactRange.upperBound)
    let counts = object.required("trial_counts").flatMap(Self.counts(reading:))
    guard let tunerName, let seed, let state, let createdAt, let revision, let counts else { return nil }
    let study = Study(
      definition: definition, seed: StudySeed(seed), tunerName: tunerName, state: state, createdAt: createdAt,
      revision: revision)
    self.init(study, counts: counts)
  }

  static func counts(reading reader: JSONReader) -> [TrialState: Int]? {
    guard let object = reader.object() else { return nil }
    var counts: [TrialState: Int] = [:]
    for state in TrialState.allCases {
      guard let count = object.required(state.rawValue)?.integer(in: 0...Int.exactRange.upperBound) else { continue }
      counts[state] = count == 0 ? nil : count
    }
    return counts
  }

  /// The study as JSON; counts of all states are written, those without trials too.
  public var json: JSONValue {
    guard case .object(var fields) = study.definition.json else { return study.definition.json }
    fields["state"] = .string(study.state.rawValue)
    fields["tuner_in_use"] = ["name": .string(study.tunerName), "seed": .number(Double(study.seed))]
    fields["created_at"] = .string(study.createdAt.text)
    fields["revision"] = .integer(study.revision)
    fields["trial_counts"] = Self.json(of: counts)
    return .object(fields)
  }

  /// The number of trials in every state as JSON.
  static func json(of counts: [TrialState: Int]) -> JSONValue {
    .object(Dictionary(uniqueKeysWithValues: TrialState.allCases.map { ($0.rawValue, .integer(counts[$0] ?? 0)) }))
  }
}
