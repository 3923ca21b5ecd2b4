import TuningModel

/// A small write that is carried out together with others of its study.
struct GatheredWrite: Sendable {
  /// What is to be done, and who waits for what comes of it.
  enum Kind: Sendable {
    /// A trial's result.
    case tell(TrialNumber, TrialResult, Reply<Trial>)
    /// Trials for a worker, by a tuner that heeds no results.
    case ask(AskRequest, CancellationNote, Reply<AskAnswer>)
  }

  typealias Reply<Answer> = @Sendable (Result<Answer, StudyError>) -> Void

  var kind: Kind
  /// The write as its client may repeat it, where it may.
  var repeatable: RepeatableWrite?

  /// How many new trials it may want.
  var wanted: Int {
    if case .ask(let request, _, _) = kind { request.count } else { 0 }
  }

  /// Tells whoever waits that it was refused.
  func refuse(_ error: StudyError) {
    switch kind {
    case .tell(_, _, let reply): reply(.failure(error))
    case .ask(_, _, let reply): reply(.failure(error))
    }
  }
}

/// The writes that one step carries out; touched by their session alone.
final class GatheredGroup: @unchecked Sendable {
  var writes: [GatheredWrite] = []
}
