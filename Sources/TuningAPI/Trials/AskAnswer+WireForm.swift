public import TuningModel

extension AskAnswer: WireForm {
  /// Reads what a worker receives; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let trials = object.required("trials")?.array()?.compactMap { LeasedTrial(reading: $0)?.trial }
    let state = object.required("study_state")?.choice(of: StudyState.self)
    let shortfall = object.optional("reason")?.choice(of: Shortfall.self)
    let detail = object.optional("detail")?.string()
    object.finish()
    guard reader.mistakes.all.count == before, let trials, let state else { return nil }
    self.init(trials, state: state, shortfall: shortfall, detail: detail)
  }

  /// The answer as JSON, the leases included.
  public var json: JSONValue {
    .object(omittingNil: [
      "trials": .array(trials.map { LeasedTrial($0).json }), "study_state": .string(state.rawValue),
      "reason": shortfall.map { .string($0.rawValue) }, "detail": detail.map(JSONValue.string),
    ])
  }
}
