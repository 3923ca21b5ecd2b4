public import TuningModel

/// All that one step changes in a study; it is stored whole or not at all.
public struct StudyChange: Sendable {
  /// The study.
  public var study: StudyID
  /// The sequence number of the last event that the writer knew of.
  public var expectedSequence: Int
  /// The new events, numbered on from `expectedSequence`.
  public var events: [RecordedEvent]
  /// The trials that are new or changed, as they now stand, in the order of their numbers.
  public var trials: [Trial]
  /// Where these trials stand by their metrics; of one that is not named here nothing is known.
  public var standings: [TrialNumber: TrialStanding]
  /// The study as it now stands, where its state, budget or labels change.
  public var revised: Study?
  /// The answers to the writes that this is, to be kept with it.
  public var answers: [KeptAnswer]

  /// Creates a change.
  public init(
    study: StudyID, expectedSequence: Int, events: [RecordedEvent], trials: [Trial],
    standings: [TrialNumber: TrialStanding] = [:], revised: Study? = nil, answers: [KeptAnswer] = []
  ) {
    self.study = study
    self.expectedSequence = expectedSequence
    self.events = events
    self.trials = trials
    self.standings = standings
    self.revised = revised
    self.answers = answers
  }
}
