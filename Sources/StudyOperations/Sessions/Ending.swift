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
    case .completed(let told):
      try Self.check(told, for: study)
      let values = study.requiredMetrics.compactMap { told.metrics[$0] }
      if values.contains(where: \.isNaN) {
        self.init(.failed, TrialReason.notFinite)
      } else {
        let isFinite = values.allSatisfy(\.isFinite)
        self.init(isFinite ? .completed : .infeasible, isFinite ? nil : TrialReason.notFinite, told.storable)
      }
    }
  }

  init(_ state: TrialState, _ reason: String?, _ measurement: Measurement? = nil) {
    self.state = state
    self.reason = reason
    self.measurement = measurement
  }

  private static func check(_ told: Measurement, for study: StudyDefinition) throws(StudyError) {
    var mistakes: [InputMistake] = []
    func refuse(_ base: String, _ name: String, _ detail: String) {
      mistakes.append(InputMistake(pointer: jsonPointer(base, name), detail: detail))
    }
    let required = study.requiredMetrics
    for name in required where told.metrics[name] == nil {
      refuse("/metrics", name, "Is missing; a result needs \(required.prefix(8).joined(separator: ", ")).")
    }
    for name in told.metrics.keys.sorted() where !Name.isValid(name) { refuse("/metrics", name, Name.rule) }
    for (name, value) in told.standardErrors.sorted(by: { $0.key < $1.key }) {
      if told.metrics[name] == nil { refuse("/standard_errors", name, "There is no metric of that name.") }
      if !(value >= 0 && value.isFinite) { refuse("/standard_errors", name, "Must be finite and not negative.") }
    }
    if let step = told.step, !Int.exactRange.contains(step) {
      mistakes.append(InputMistake(pointer: "/step", detail: "Must be a whole number of at most 2^53."))
    }
    if !mistakes.isEmpty { throw StudyError(InvalidInput(mistakes)) }
  }

  /// What happened, for the log.
  var kind: TrialEvent.Kind {
    switch (state, measurement) {
    case (.completed, let measurement?): .completed(measurement)
    case (.infeasible, _): .infeasible(reason: reason ?? TrialReason.user, measurement)
    default: .failed(reason: reason ?? TrialReason.user)
    }
  }

  /// Whether a trial has ended just so.
  func matches(_ trial: Trial) -> Bool {
    state == trial.state && reason == trial.reason && measurement?.bits == trial.measurement?.bits
  }
}

extension Measurement {
  /// The measurement with every NaN as the one that stores and JSON know.
  fileprivate var storable: Measurement {
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
