import StudyOperations
import TuningModel

/// The form of an event in its table: a kind, a trial and a payload.
enum EventRecord {
  /// The kind of a change of the study itself.
  static let updated = "updated"

  static func kind(_ event: StudyEvent) -> String {
    switch event {
    case .trial(let event): event.name
    case .updated: updated
    }
  }

  static func trial(_ event: StudyEvent) -> TrialNumber? {
    switch event {
    case .trial(let event): event.trial
    case .updated: nil
    }
  }

  static func payload(_ event: StudyEvent) -> JSONValue {
    switch event {
    case .trial(let event): payload(event.kind)
    case .updated(let patch):
      .object(omittingNil: [
        "state": patch.state.map { .string($0.rawValue) }, "budget": patch.budget?.json,
        "labels": patch.labels.map { .object($0.mapValues(JSONValue.string)) },
      ])
    }
  }

  private static func payload(_ kind: TrialEvent.Kind) -> JSONValue {
    switch kind {
    case .enqueued(let suggestion):
      .object(payload(suggestion))
    case .started(let suggestion, let worker, let attempt):
      .object(
        payload(suggestion).merging(
          ["worker": worker.map(JSONValue.string), "attempt": .integer(attempt)].compactMapValues { $0 }
        ) { $1 })
    case .reported(let report): report.json
    case .completed(let measurement): payload(measurement)
    case .pruned(let reason, let measurement), .infeasible(let reason, let measurement):
      .object(omittingNil: ["reason": .string(reason), "measurement": measurement.map(payload)])
    case .failed(let reason), .requeued(let reason): ["reason": .string(reason)]
    case .corrected(let correction):
      .object(omittingNil: [
        "state": .string(correction.state.rawValue), "reason": correction.reason.map(JSONValue.string),
        "measurement": correction.measurement.map(payload),
      ])
    case .excluded: [:]
    }
  }

  private static func payload(_ suggestion: Suggestion) -> [String: JSONValue] {
    [
      "parameters": suggestion.parameters.json, "origin": suggestion.origin.json,
      "request": suggestion.request?.json, "resume": suggestion.resume?.json,
    ].compactMapValues { $0 }
  }

  private static func payload(_ measurement: Measurement) -> JSONValue {
    .object(omittingNil: [
      "metrics": measurement.metrics.json, "step": measurement.step.map(JSONValue.integer),
      "standard_errors": measurement.standardErrors.isEmpty ? nil : measurement.standardErrors.json,
      "oracle": measurement.oracle?.json, "interval": measurement.interval?.json,
      "checkpoint": measurement.checkpoint.map(JSONValue.string),
    ])
  }

  /// Reads an event; `nil` where its payload is not of its kind.
  static func event(_ kind: String, _ trial: TrialNumber?, _ payload: JSONValue, _ space: SearchSpace) -> StudyEvent? {
    if kind == updated { return patch(payload).map(StudyEvent.updated) }
    guard let trial, let kind = trialEvent(kind, payload, space) else { return nil }
    return .trial(TrialEvent(trial, kind))
  }

  private static func trialEvent(_ kind: String, _ payload: JSONValue, _ space: SearchSpace) -> TrialEvent.Kind? {
    switch kind {
    case "enqueued": return suggestion(payload, space).map(TrialEvent.Kind.enqueued)
    case "started":
      guard let suggestion = suggestion(payload, space), let attempt = payload["attempt"]?.integer else { return nil }
      return .started(suggestion, worker: payload["worker"]?.string, attempt: attempt)
    case "reported": return report(payload, space).map(TrialEvent.Kind.reported)
    case "completed": return measurement(payload).map(TrialEvent.Kind.completed)
    case "pruned":
      guard let reason = payload["reason"]?.string else { return nil }
      guard let told = payload["measurement"] else { return .pruned(reason: reason, nil) }
      return measurement(told).map { .pruned(reason: reason, $0) }
    case "infeasible":
      guard let reason = payload["reason"]?.string else { return nil }
      guard let told = payload["measurement"] else { return .infeasible(reason: reason, nil) }
      return measurement(told).map { .infeasible(reason: reason, $0) }
    case "failed": return payload["reason"]?.string.map { .failed(reason: $0) }
    case "requeued": return payload["reason"]?.string.map { .requeued(reason: $0) }
    case "corrected": return correction(payload).map(TrialEvent.Kind.corrected)
    case "excluded": return .excluded
    default: return nil
    }
  }

  /// Reads a report; `nil` where the payload is none.
  static func report(_ payload: JSONValue, _ space: SearchSpace) -> TrialReport? {
    guard var report = try? JSONReader.read(payload, { TrialReport(reading: $0) }),
      let decision = space.canonical(report.decision)
    else { return nil }
    report.decision = decision
    return report
  }

  private static func suggestion(_ payload: JSONValue, _ space: SearchSpace) -> Suggestion? {
    guard let parameters = payload["parameters"].flatMap(space.parameters(stored:)),
      let origin = payload["origin"].flatMap(SuggestionOrigin.init(stored:))
    else { return nil }
    var suggestion = Suggestion(parameters, origin: origin)
    if let stored = payload["request"] {
      guard let request = try? JSONReader.read(stored, { OracleRequest(reading: $0) }) else { return nil }
      suggestion.request = request
    }
    if let stored = payload["resume"] {
      guard let resume = try? JSONReader.read(stored, { Resume(reading: $0) }) else { return nil }
      suggestion.resume = resume
    }
    return suggestion
  }

  private static func correction(_ payload: JSONValue) -> TrialCorrection? {
    guard let state = payload["state"]?.string.flatMap(TrialState.init(rawValue:)) else { return nil }
    var correction = TrialCorrection(state, reason: payload["reason"]?.string)
    if let told = payload["measurement"] {
      guard let measurement = measurement(told) else { return nil }
      correction.measurement = measurement
    }
    return correction
  }

  private static func measurement(_ payload: JSONValue) -> Measurement? {
    guard let metrics = payload["metrics"]?.numbers else { return nil }
    var errors: [String: Double] = [:]
    if let stored = payload["standard_errors"] {
      guard let numbers = stored.numbers else { return nil }
      errors = numbers
    }
    var measurement = Measurement(metrics, step: payload["step"]?.integer, standardErrors: errors)
    return measurement.takeExtras(record: payload) ? measurement : nil
  }

  private static func patch(_ payload: JSONValue) -> StudyPatch? {
    var patch = StudyPatch()
    if let stored = payload["state"] {
      guard let state = stored.string.flatMap(StudyState.init(rawValue:)) else { return nil }
      patch.state = state
    }
    if let stored = payload["budget"] {
      guard let budget = try? JSONReader.read(stored, { Budget(reading: $0) }) else { return nil }
      patch.budget = budget
    }
    if let stored = payload["labels"] {
      guard let labels = try? JSONReader.read(stored, { [String: String](readingLabels: $0) }) else { return nil }
      patch.labels = labels
    }
    return patch
  }
}
