import TuningModel

/// What a tuner remembers of the trials of its study.
struct TrialHistory: Hashable, Sendable {
  /// One trial.
  struct Entry: Hashable, Sendable {
    /// The trial's number.
    var number: TrialNumber
    /// Its parameters.
    var parameters: Parameters
    /// The point they stand at in the encoded space.
    var point: [Double]
    /// What came of it.
    var outcome: Outcome
  }

  /// What came of a trial.
  enum Outcome: Hashable, Sendable {
    /// Nothing yet.
    case pending
    /// A value to be minimised, with its standard error where that is known.
    case value(Double, standardError: Double?)
    /// The objective has no value there.
    case infeasible
    /// No result; it says nothing of the objective.
    case failed
  }

  /// The trials in the order of their start.
  private(set) var entries: [Entry] = []
  private var position: [TrialNumber: Int] = [:]
  /// How many trials took each point.
  private var taken: [Parameters: Int] = [:]

  /// Adds a trial that starts; one that is known starts again.
  mutating func start(_ number: TrialNumber, _ parameters: Parameters, at point: [Double]) {
    if let index = position[number] {
      entries[index].outcome = .pending
      return
    }
    position[number] = entries.count
    taken[parameters, default: 0] += 1
    entries.append(Entry(number: number, parameters: parameters, point: point, outcome: .pending))
  }

  /// Records what came of a trial; one that never started is not known and stays so.
  mutating func finish(_ number: TrialNumber, _ outcome: Outcome) {
    if let index = position[number] { entries[index].outcome = outcome }
  }

  /// Whether some trial took these parameters, whatever came of it.
  func contains(_ parameters: Parameters) -> Bool { taken[parameters] != nil }

  /// The trials that have a value.
  var valued: [(entry: Entry, value: Double, standardError: Double?)] {
    entries.compactMap { entry in
      if case .value(let value, let error) = entry.outcome { (entry, value, error) } else { nil }
    }
  }

  /// The failed trials that still count, the newest 200.
  var recentFailures: [Entry] { entries(.failed).suffix(200) }

  /// The trials with an outcome of that sort.
  func entries(_ outcome: Outcome) -> [Entry] { entries.filter { $0.outcome == outcome } }
}
