/// Bounds on what one operation holds in memory.
enum StudyOperationLimits {
  /// The parameter values of all trials that one write holds, and one answer to an ask.
  static let valuesAtOnce = 1_000_000
  /// The parameter values of a page of trials, but for those of its first trial: whoever lists must not keep those waiting
  /// who work.
  static let valuesOfPage = 100_000
  /// The bytes of what workers and users wrote about all trials that one answer holds, but for those of its first trial.
  static let textAtOnce = 1 << 20
  /// The trials of one enqueueing, and the results of one telling.
  static let trialsAtOnce = 1_000
  /// The intermediate measurements of one trial.
  static let reportsOfOneTrial = 100_000
  /// The intermediate measurements of all trials that one answer holds, but for those of its first trial.
  static let reportsAtOnce = 100_000
  /// The points of one prediction.
  static let predictionsAtOnce = 1_000
  /// The trials without which nothing is said of the importance of parameters.
  static let leastTrialsForImportance = 10
}
