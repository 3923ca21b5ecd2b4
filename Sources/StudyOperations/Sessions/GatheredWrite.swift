import TuningModel

/// A small write that is carried out together with others of its study.
struct GatheredWrite: Sendable {
  /// What is to be done.
  enum Kind: Sendable {
    /// A trial's result.
    case tell(TrialNumber, TrialResult)
    /// Trials for a worker, by a tuner that heeds no results.
    case ask(AskRequest, CancellationNote)
  }

  var kind: Kind
  /// The write as its client may repeat it, where it may.
  var repeatable: RepeatableWrite?
  /// Answers whoever waits.
  var answer: @Sendable (Result<StudyAnswer, StudyError>) -> Void

  /// How many new trials it may want.
  var wanted: Int {
    if case .ask(let request, _) = kind { request.count } else { 0 }
  }
}

/// The writes that one step carries out; touched by their session alone.
final class GatheredGroup: @unchecked Sendable {
  var writes: [GatheredWrite] = []
}
