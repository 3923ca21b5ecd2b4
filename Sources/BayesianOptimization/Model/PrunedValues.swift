import TuningModel

/// What pruned trials would have come to, judged by how completed ones went on from the same step.
///
/// A trial that stood at a cost when it was stopped is expected to have come down from there as completed trials did, in
/// the median; but not below the median of their final costs, since a rule found it among the worse ones. So the order of
/// trials that were stopped at one step is kept, and values of early steps do not stand beside final ones. Where no completed
/// trial was measured by that step, nothing is known, and the trial is left out.
struct PrunedValues {
  /// The trials with the final cost that is expected of them.
  private(set) var expected: [(entry: TrialHistory.Entry, cost: Double)] = []
  /// The trials whose last value was not finite.
  private(set) var worst: [TrialHistory.Entry] = []

  init(_ history: TrialHistory, _ courses: TrialCourses) {
    let pruned = history.pruned
    if pruned.isEmpty { return }
    let completed = history.valued.map { (number: history.entries[$0.position].number, cost: $0.value) }
    let floor = Self.median(completed.map(\.cost)) ?? .infinity
    var descents: [Int: Double?] = [:]
    for entry in pruned {
      guard let last = courses.last(of: entry.number) else { continue }
      guard last.cost.isFinite else {
        worst.append(entry)
        continue
      }
      let descent: Double?
      if let known = descents[last.step] {
        descent = known
      } else {
        descent = Self.median(
          completed.compactMap { trial in courses.cost(of: trial.number, at: last.step).map { $0 - trial.cost } }
            .filter(\.isFinite))
        descents[last.step] = .some(descent)
      }
      guard let descent else { continue }
      let cost = max(last.cost - descent, floor)
      if cost.isFinite { expected.append((entry, cost)) } else { worst.append(entry) }
    }
  }

  private static func median(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.sorted()[values.count / 2] }
}
