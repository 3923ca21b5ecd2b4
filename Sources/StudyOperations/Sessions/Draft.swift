import TuningModel

/// A change in the making: the roster as it would be, and what led there.
struct Draft: Sendable {
  private(set) var roster: Roster
  private var trials: [TrialNumber: Trial] = [:]
  private var standings: [TrialNumber: TrialStanding] = [:]
  private(set) var events: [RecordedEvent] = []
  private var revised: Study?
  private let expectedSequence: Int
  /// The time at which the change happens.
  let now: Timestamp
  let monotonic: UInt64

  init(_ roster: Roster, clock: any StudyClock) {
    self.roster = roster
    expectedSequence = roster.stored.lastSequence
    now = clock.now
    monotonic = clock.monotonicNanoseconds
  }

  /// Records what happened to a trial, new or not in a final state, and answers with what it has become.
  @discardableResult
  mutating func record(_ kind: TrialEvent.Kind, _ trial: Trial, term: LeaseTerm? = nil) -> Trial {
    let trial = note(kind, trial)
    roster.set(trial, term: term)
    return trial
  }

  /// Records what happened to a trial in a final state, and answers with what it has become.
  mutating func revise(_ kind: TrialEvent.Kind, _ trial: Trial, from before: Trial) -> Trial {
    let trial = note(kind, trial)
    roster.move(from: before.state, to: trial.state)
    return trial
  }

  private mutating func note(_ kind: TrialEvent.Kind, _ trial: Trial) -> Trial {
    append(.trial(TrialEvent(trial.number, kind)))
    var trial = trial
    trial.revision += 1
    trials[trial.number] = trial
    standings[trial.number] = TrialStanding(trial, in: roster.study.definition)
    return trial
  }

  /// A trial as it stands after this draft.
  func trial(_ number: TrialNumber) -> Trial? { trials[number] ?? roster.open[number]?.trial }

  /// Records what happened to a trial that stays as it is.
  mutating func record(_ kind: TrialEvent.Kind, of number: TrialNumber) { append(.trial(TrialEvent(number, kind))) }

  /// Records a change of the study itself.
  mutating func record(_ patch: StudyPatch, _ study: Study) {
    append(.updated(patch))
    roster.stored.study = study
    revised = study
  }

  /// Renews a lease; this is not stored.
  mutating func renew(_ number: TrialNumber, seconds: Double?) {
    roster.renew(number, seconds: seconds, now: now, monotonic: monotonic)
  }

  private mutating func append(_ event: StudyEvent) {
    roster.stored.lastSequence += 1
    events.append(RecordedEvent(sequence: roster.stored.lastSequence, at: now, event: event))
  }

  /// All of it, to be stored.
  var change: StudyChange {
    StudyChange(
      study: roster.stored.id, expectedSequence: expectedSequence, events: events,
      trials: trials.values.sorted { $0.number < $1.number }, standings: standings, revised: revised)
  }
}
