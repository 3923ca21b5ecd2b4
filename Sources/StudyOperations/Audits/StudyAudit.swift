package import TuningModel

/// Holds what a store keeps of a study against its log of events.
///
/// It is given all events in their order, then all trials in theirs, then the snapshot. The log is folded once more, apart
/// from the code that wrote it: numbers without gaps, steps that follow from one another, budgets kept at every
/// hand-out, and in the end the rows that are stored. Memory: one trial for each trial.
package struct StudyAudit: Sendable {
  /// The most findings that are kept of one study; further ones are only counted.
  private static let mostFindings = 20

  private let stored: StoredStudy
  /// The study as the log has it so far.
  private var study: Study
  private var trials: [AuditedTrial] = []
  private var handedOut = 0
  private var underWay = 0
  private var lastRow = 0
  /// The last event that was taken.
  private var sequence = 0

  /// What was found, at most so many.
  package private(set) var findings: [AuditFinding] = []
  /// How many failures there were.
  package private(set) var failureCount = 0

  /// Begins with the row of the study.
  package init(_ stored: StoredStudy) {
    self.stored = stored
    study = stored.study
    study.definition = stored.original
    study.state = .active
    study.revision = 0
  }

  /// The number of events and of trials that were taken.
  package var counts: (events: Int, trials: Int) { (sequence, lastRow) }

  /// Notes something that is wrong.
  package mutating func fail(_ text: String) {
    failureCount += 1
    if failureCount <= Self.mostFindings { findings.append(AuditFinding(.failure, study: study.name, text)) }
  }

  /// Takes the next event of the log.
  package mutating func take(_ recorded: RecordedEvent) {
    if recorded.sequence != sequence + 1 {
      fail("event \(sequence + 1) is missing: event \(recorded.sequence) follows event \(sequence)")
    }
    sequence = recorded.sequence
    switch recorded.event {
    case .updated(let patch):
      if let state = patch.state { study.state = state }
      if let budget = patch.budget { study.definition.budget = budget }
      if let labels = patch.labels { study.definition.labels = labels }
      study.revision += 1
    case .trial(let event): take(event, at: recorded.at)
    }
  }

  private mutating func take(_ event: TrialEvent, at time: Timestamp) {
    if case .started(let suggestion, let worker, let attempt) = event.kind {
      start(event.trial, suggestion, worker, attempt, at: time)
      return
    }
    if case .enqueued(let suggestion) = event.kind { return enqueue(event.trial, suggestion, at: time) }
    guard (1...max(1, trials.count)).contains(event.trial), !trials.isEmpty else {
      return fail("event \(sequence) (\(event.name)) is of trial \(event.trial), which was never handed out")
    }
    var trial = trials[event.trial - 1].trial
    let isHeld = trial.state == .running || trial.state == .stopping
    // A trial that waits may be told of by the worker that lost it.
    let isPossible =
      switch event.kind {
      // A result from elsewhere brings its measurements along, and was never handed out.
      case .reported(let report): isHeld || (trial.state == .waiting && report.attempt == 0)
      case .requeued: isHeld
      case .corrected, .excluded: trial.state.isFinal && trial.excludedAt == nil
      default: !trial.state.isFinal
      }
    if !isPossible { fail("event \(sequence) (\(event.name)) meets trial \(event.trial) \(trial.state.rawValue)") }
    if isHeld { underWay -= 1 }
    trial.apply(event.kind, at: time)
    if trial.state == .running || trial.state == .stopping { underWay += 1 }
    trials[event.trial - 1] = AuditedTrial(trial: trial, sequence: sequence)
  }

  private mutating func enqueue(_ number: TrialNumber, _ suggestion: Suggestion, at time: Timestamp) {
    if number != trials.count + 1 {
      return fail("trial \(trials.count + 1) is missing: event \(sequence) adds trial \(number)")
    }
    let trial = Trial(
      number: number, state: .waiting, parameters: suggestion.parameters, origin: suggestion.origin,
      request: suggestion.request, resume: suggestion.resume, attempt: 0, createdAt: time, startedAt: time)
    trials.append(AuditedTrial(trial: trial, sequence: sequence))
  }

  private mutating func start(
    _ number: TrialNumber, _ suggestion: Suggestion, _ worker: String?, _ attempt: Int, at time: Timestamp
  ) {
    if study.state != .active { fail("event \(sequence) hands out trial \(number) of a study that is not active") }
    let isNew = number > trials.count
    if isNew {
      if number != trials.count + 1 {
        return fail("trial \(trials.count + 1) is missing: event \(sequence) starts trial \(number)")
      }
      let trial = Trial(
        number: number, state: .waiting, parameters: suggestion.parameters, origin: suggestion.origin,
        request: suggestion.request, resume: suggestion.resume, attempt: 0, createdAt: time, startedAt: time)
      trials.append(AuditedTrial(trial: trial, sequence: sequence))
    }
    guard number >= 1 else { return fail("event \(sequence) starts trial \(number)") }
    var trial = trials[number - 1].trial
    if trial.state != .waiting {
      fail("event \(sequence) hands out trial \(number), which is \(trial.state.rawValue): two workers would hold it")
    } else {
      underWay += 1
    }
    if attempt != trial.attempt + 1 {
      fail("event \(sequence) is attempt \(attempt) at trial \(number), after \(trial.attempt)")
    }
    if !isNew && suggestion != trial.suggestion {
      fail("event \(sequence) hands out trial \(number) with other parameters than before")
    }
    trial.state = .running
    trial.reason = nil
    trial.worker = worker
    trial.attempt = attempt
    trial.startedAt = time
    trials[number - 1] = AuditedTrial(trial: trial, sequence: sequence)
    if attempt == 1 { handedOut += 1 }
    checkBudget(attempt == 1)
  }

  private mutating func checkBudget(_ isNew: Bool) {
    let budget = study.definition.budget
    if isNew, let most = budget.maxTrials, handedOut > most {
      fail("event \(sequence) starts trial \(handedOut) of at most \(most)")
    }
    if let most = budget.maxParallel, underWay > most {
      fail("after event \(sequence) there are \(underWay) trials under way, of at most \(most)")
    }
  }

  /// Takes the row of the next trial, after all events.
  package mutating func take(_ row: Trial) {
    if row.number != lastRow + 1 { fail("trial \(lastRow + 1) is missing: trial \(row.number) follows \(lastRow)") }
    lastRow = row.number
    guard row.number >= 1, row.number <= trials.count else {
      return fail("trial \(row.number) has no event in the log")
    }
    let logged = trials[row.number - 1]
    let differences = logged.differences(to: row)
    if !differences.isEmpty {
      fail(
        "trial \(row.number) is not what the log says up to event \(logged.sequence): "
          + differences.joined(separator: ", "))
    }
  }

  /// Ends the comparison, after all trials.
  package mutating func finish(_ snapshot: StudySnapshot?, _ catalog: TunerCatalog) {
    if sequence != stored.lastSequence {
      fail("the log ends with event \(sequence), and the study says event \(stored.lastSequence)")
    }
    if lastRow < trials.count { fail("trial \(lastRow + 1) is in the log and has no row") }
    if study.revision != stored.study.revision {
      fail("the study has revision \(stored.study.revision), by the log \(study.revision)")
    } else if study != stored.study {
      fail("the study's state, budget or labels are not what the log says")
    }
    check(snapshot, catalog)
    if failureCount > Self.mostFindings {
      findings.append(
        AuditFinding(.failure, study: study.name, "and \(failureCount - Self.mostFindings) findings more"))
    }
  }

  private mutating func check(_ snapshot: StudySnapshot?, _ catalog: TunerCatalog) {
    var definition = stored.original
    definition.tuner.name = study.tunerName
    let fold: Fold
    do throws(TunerError) {
      fold = Fold(definition, try catalog.tuner(for: definition), try catalog.stoppingRule(for: definition))
    } catch {
      return fail("this version cannot go on with it: \(StudyError(error).message)")
    }
    guard let snapshot else { return }
    if snapshot.sequence > stored.lastSequence || fold.restored(from: snapshot) == nil {
      // A snapshot only saves work, and one that cannot be used is passed over.
      findings.append(
        AuditFinding(
          .warning, study: study.name,
          "the snapshot of event \(snapshot.sequence) is of another version or damaged; the log is read instead"))
    }
  }
}

extension Trial {
  /// Takes in what happened to it, but for being handed out.
  fileprivate mutating func apply(_ kind: TrialEvent.Kind, at time: Timestamp) {
    switch kind {
    case .started, .enqueued: break
    case .corrected(let correction):
      state = correction.state
      reason = correction.reason
      measurement = correction.measurement
    case .excluded: excludedAt = time
    case .reported(let report):
      if state == .running && report.decision == .stop {
        state = .stopping
        reason = TrialReason.stopped
      }
    case .completed(let measurement): end(.completed, nil, measurement, at: time)
    case .pruned(let reason, let measurement): end(.pruned, reason, measurement, at: time)
    case .infeasible(let reason, let measurement): end(.infeasible, reason, measurement, at: time)
    case .failed(let reason): end(.failed, reason, nil, at: time)
    case .requeued(let reason):
      state = .waiting
      self.reason = reason
    }
  }

  private mutating func end(_ state: TrialState, _ reason: String?, _ measurement: Measurement?, at time: Timestamp) {
    self.state = state
    self.reason = reason
    self.measurement = measurement
    finishedAt = time
  }
}
