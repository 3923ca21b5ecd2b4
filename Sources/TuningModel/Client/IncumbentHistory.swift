/// How the best value of a study's objective came about.
public struct IncumbentHistory: Hashable, Sendable {
  /// A trial that was better than all that had ended before it.
  public struct Improvement: Hashable, Sendable {
    /// The trial.
    public var trial: TrialNumber
    /// Its objective.
    public var value: Double
    /// How many trials that count had ended by then, itself included.
    public var completed: Int
    /// When it ended.
    public var finishedAt: Timestamp

    /// Creates an improvement.
    public init(trial: TrialNumber, value: Double, completed: Int, finishedAt: Timestamp) {
      self.trial = trial
      self.value = value
      self.completed = completed
      self.finishedAt = finishedAt
    }
  }

  /// The objective.
  public var objective: Objective
  /// The improvements in the order of time.
  public var improvements: [Improvement]
  /// How many trials count: those completed that keep the outcome constraints and are not excluded.
  public var completed: Int

  /// Creates a history.
  public init(of objective: Objective, _ improvements: [Improvement], completed: Int) {
    self.objective = objective
    self.improvements = improvements
    self.completed = completed
  }
}
