import TuningModel

/// How a trial ends, worked out from what a worker told.
struct Ending: Sendable {
  let state: TrialState
  let reason: String?
  let measurement: Measurement?

  /// - Throws: `invalid` with every metric that is missing or not acceptable.
  init(_ outcome: TrialResult.Outcome, of study: StudyDefinition) throws(StudyError) {
    switch outcome {
    case .failed(let reason): self.init(.failed, Reason.sound(reason) ?? TrialReason.user)
    case .infeasible(let reason): self.init(.infeasible, Reason.sound(reason) ?? TrialReason.user)
    case .pruned(let reason, let told):
      try told?.check(required: [])
      self.init(.pruned, Reason.sound(reason) ?? TrialReason.user, told?.storable)
    case .completed(let told):
      try told.check(required: study.requiredMetrics)
      let values = study.requiredMetrics.compactMap { told.metrics[$0] }
      if values.contains(where: \.isNaN) {
        self.init(.failed, TrialReason.notFinite)
      } else {
        let isFinite = values.allSatisfy(\.isFinite)
        self.init(isFinite ? .completed : .infeasible, isFinite ? nil : TrialReason.notFinite, told.storable)
      }
    }
  }

  /// What a worker told of a trial that has not ended yet.
  ///
  /// A pruned trial without metrics of its own keeps the last that were reported. One that was told to stop is pruned
  /// whatever is told: the metrics of a worker that was faster are kept, and so is its reason.
  /// - Throws: `invalid` with every metric that is missing or not acceptable.
  init(
    _ outcome: TrialResult.Outcome, of trial: Trial, in study: StudyDefinition, last: Measurement?
  ) throws(StudyError) {
    let ending = try Ending(outcome, of: study)
    switch outcome {
    case .pruned(let reason, let told):
      let standard = trial.state == .stopping ? TrialReason.stopped : TrialReason.user
      self.init(.pruned, Reason.sound(reason) ?? standard, told == nil ? last : ending.measurement)
    case .completed(let told) where trial.state == .stopping:
      self.init(.pruned, TrialReason.stopped, told.storable)
    case .failed(let reason) where trial.state == .stopping, .infeasible(let reason) where trial.state == .stopping:
      self.init(.pruned, Reason.sound(reason) ?? TrialReason.stopped, last)
    default: self = ending
    }
  }

  init(_ state: TrialState, _ reason: String?, _ measurement: Measurement? = nil) {
    self.state = state
    self.reason = reason
    self.measurement = measurement
  }

  /// What happened, for the log.
  var kind: TrialEvent.Kind {
    switch (state, measurement) {
    case (.completed, let measurement?): .completed(measurement)
    case (.pruned, _): .pruned(reason: reason ?? TrialReason.user, measurement)
    case (.infeasible, _): .infeasible(reason: reason ?? TrialReason.user, measurement)
    default: .failed(reason: reason ?? TrialReason.user)
    }
  }

  /// Whether a trial has ended just so.
  func matches(_ trial: Trial) -> Bool {
    state == trial.state && reason == trial.reason && measurement?.bits == trial.measurement?.bits
      && measurement?.oracle == trial.measurement?.oracle
      && measurement?.checkpoint == trial.measurement?.checkpoint
  }
}

extension Measurement {
  /// What is not acceptable in it, without what only a report has.
  func mistakes(required: [String]) -> [InputMistake] {
    var mistakes: [InputMistake] = []
    func refuse(_ base: String, _ name: String, _ detail: String) {
      mistakes.append(InputMistake(pointer: jsonPointer(base, name), detail: detail))
    }
    for name in required where metrics[name] == nil {
      refuse("/metrics", name, "Is missing; a result needs \(required.prefix(8).joined(separator: ", ")).")
    }
    for name in metrics.keys.sorted() where !Name.isValid(name) { refuse("/metrics", name, Name.rule) }
    for (name, value) in standardErrors.sorted(by: { $0.key < $1.key }) {
      if metrics[name] == nil { refuse("/standard_errors", name, "There is no metric of that name.") }
      if !(value >= 0 && value.isFinite) { refuse("/standard_errors", name, "Must be finite and not negative.") }
    }
    if let step, !Int.exactRange.contains(step) {
      mistakes.append(InputMistake(pointer: "/step", detail: "Must be a whole number of at most 2^53."))
    }
    return mistakes
  }

  /// - Throws: `invalid` with every metric that is missing or not acceptable.
  fileprivate func check(required: [String]) throws(StudyError) {
    let mistakes = mistakes(required: required)
    if !mistakes.isEmpty { throw StudyError(InvalidInput(mistakes)) }
  }

  /// Whether two measurements are equal to the last bit, NaN included.
  func isSame(as other: Measurement) -> Bool {
    bits == other.bits && checkpoint == other.checkpoint && oracle == other.oracle && interval == other.interval
  }

  /// The measurement with every NaN as the one that stores and JSON know.
  var storable: Measurement {
    var result = self
    result.metrics = metrics.mapValues { $0.isNaN ? .nan : $0 }
    return result
  }

  /// What equal measurements have in common, though NaN is not equal to itself.
  fileprivate var bits: [[String: UInt64]] {
    [
      metrics.mapValues(\.bitPattern), standardErrors.mapValues(\.bitPattern),
      step.map { ["": UInt64(bitPattern: Int64($0))] } ?? [:],
    ]
  }
}

extension TrialResult.Outcome {
  /// Whether it adds nothing to what a pruned trial has: no metrics, or the same.
  ///
  /// - Throws: `invalid` with every metric that is not acceptable.
  func agrees(with pruned: Trial) throws(StudyError) -> Bool {
    switch self {
    case .pruned(_, nil), .infeasible, .failed: return true
    case .pruned(_, let told?), .completed(let told):
      try told.check(required: [])
      return told.storable.bits == pruned.measurement?.bits
    }
  }
}
