import TuningModel

/// A change in the making: the roster as it would be, and what led there.
struct Draft: Sendable {
  private(set) var roster: Roster
  private var trials: [TrialNumber: Trial] = [:]
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

  /// Records what happened to a trial and what it has become.
  mutating func record(_ kind: TrialEvent.Kind, _ trial: Trial, term: LeaseTerm? = nil) {
    append(.trial(TrialEvent(trial.number, kind)))
    roster.set(trial, term: term)
    trials[trial.number] = trial
  }

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
      trials: trials.values.sorted { $0.number < $1.number }, revised: revised)
  }
}
