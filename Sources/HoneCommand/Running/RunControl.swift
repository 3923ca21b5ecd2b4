import TuningModel

/// Whether a run goes on, and why it does not.
final class RunControl: Sendable {
  /// Why a run comes to its end.
  enum Ending: Sendable {
    /// The study is finished, or its budget is spent.
    case studyFinished
    /// The tuner has nothing left to propose.
    case spaceExhausted
    /// The tuner has come to its end.
    case tunerFinished
    /// The run has evaluated as many trials as it was to.
    case allowanceUsed
    /// The user, or the system, stops it.
    case interrupted(signal: Int32)
    /// It cannot go on.
    case failed(CommandFailure)
  }

  /// Opens when no more trials are to be started; those under way go on.
  let ending = Gate()
  /// Opens when the programs under way are to be stopped as well.
  let interruption = Gate()
  private let reason = Guarded<Ending?>(nil)

  /// Why the run ends; the first reason stays, except that an interruption comes before all.
  var endingReason: Ending? { reason.use { $0 } }

  /// Starts no more trials.
  func end(_ ending: Ending) {
    reason.use { $0 = $0 ?? ending }
    self.ending.open()
  }

  /// Starts no more trials and stops those under way.
  func interrupt(signal: Int32) {
    reason.use { $0 = .interrupted(signal: signal) }
    ending.open()
    interruption.open()
  }
}
