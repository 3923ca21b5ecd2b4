import TuningModel

/// What one member of a population has come to.
struct PopulationMember: Hashable, Sendable {
  /// How many trials it has had.
  var begun = 0
  /// The values that it trains with.
  var parameters: Parameters = [:]
  /// The state that it goes on from; `nil` from scratch.
  var head: Head?
  /// What it is ranked by: its last result, though it may have gone on from another's state since; +∞ after a failure, `nil`
  /// before its first result.
  var cost: Double?
  /// The trial that this result is of.
  var scoredBy: TrialNumber?
  /// Whether its last trial gave nothing to go on from.
  var hasFailed = false
  /// The steps that it had when it last went on from another's state.
  var exploitedAt = 0
  /// Its last states, the newest last.
  var kept: [Head] = []
  /// The results that led to its state, the newest last.
  var course: [Head] = []
  /// Its last trial.
  var last: Part?
  /// The last checkpoint that its trial under way has reported, from which a retry may go on.
  var reported: String?

  /// How many results the t-test looks at.
  static let courseLength = 10

  /// A state that workers keep, and what it is worth.
  struct Head: Hashable, Sendable {
    var trial: TrialNumber
    var checkpoint: String
    var step: Int
    /// The objective to be minimised; +∞ where it is not to be relied on.
    var cost: Double
    /// The values that led there.
    var parameters: Parameters
  }

  /// A trial and the steps that it covers.
  struct Part: Hashable, Sendable {
    var trial: TrialNumber
    var stepTo: Int
    var isOpen: Bool
  }

  /// The steps that its state has.
  var step: Int { head?.step ?? 0 }

  /// Whether a worker has its trial, or it waits for another one.
  var isBusy: Bool { last?.isOpen ?? false }

  /// What it is compared by with one that has so many steps.
  func cost(atStep step: Int) -> Double? {
    // One that has taken another's state since is judged by its own last result all the same.
    if cost == .infinity || scoredBy != head?.trial { return cost }
    return course.last { $0.step <= step }?.cost
  }

  /// Takes up a state of its own.
  mutating func reach(_ head: Head, keeping count: Int) {
    self.head = head
    score(head.cost, by: head.trial)
    hasFailed = false
    kept = (kept.filter { $0.checkpoint != head.checkpoint } + [head]).suffix(count)
    course = (course.filter { $0.step < head.step } + [head]).suffix(Self.courseLength)
  }

  /// Has nothing to show for a trial.
  mutating func fail(_ trial: TrialNumber) {
    score(.infinity, by: trial)
    hasFailed = true
  }

  /// Is ranked by a result from now on.
  mutating func score(_ cost: Double, by trial: TrialNumber) {
    self.cost = cost
    scoredBy = trial
  }

  /// Goes on from another's state.
  mutating func take(_ head: Head, course: [Head], at step: Int) {
    self.head = head
    self.course = course
    hasFailed = false
    exploitedAt = step
  }

  /// Changes what the result of a trial is worth, wherever it counts.
  mutating func revise(_ trial: TrialNumber, to cost: Double) {
    if scoredBy == trial { self.cost = cost }
    if head?.trial == trial { head?.cost = cost }
    for index in kept.indices where kept[index].trial == trial { kept[index].cost = cost }
    for index in course.indices where course[index].trial == trial { course[index].cost = cost }
  }
}
