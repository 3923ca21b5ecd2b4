import TuningModel

/// What a tuner remembers of the trials of its study.
///
/// To go on from a copy costs the same however many trials there are.
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
    /// It was stopped early; its course tells how it did until then.
    case pruned
    /// The objective has no value there.
    case infeasible
    /// No result; it says nothing of the objective.
    case failed
    /// A user took it out: it is as if it had never been.
    case excluded
  }

  /// The trials in the order of their start.
  private(set) var entries = ChunkedArray<Entry>()
  private var position = ShardedDictionary<TrialNumber, Int>()
  /// How many trials took each point.
  private var taken = ShardedDictionary<Parameters, Int>()
  /// Where the trials without a value stand: few, while those with one may be very many.
  private var pendingPositions: Set<Int> = []
  private var prunedPositions: Set<Int> = []
  private var infeasiblePositions: Set<Int> = []
  private var failedPositions: Set<Int> = []
  private var excludedCount = 0

  /// Adds a trial that starts; one that is known starts again.
  mutating func start(_ number: TrialNumber, _ parameters: Parameters, at point: [Double]) {
    if let index = position[number] {
      set(.pending, at: index)
      return
    }
    position[number] = entries.count
    taken[parameters] = (taken[parameters] ?? 0) + 1
    pendingPositions.insert(entries.count)
    entries.append(Entry(number: number, parameters: parameters, point: point, outcome: .pending))
  }

  /// Records what came of a trial; one that never started is not known and stays so.
  mutating func finish(_ number: TrialNumber, _ outcome: Outcome) {
    if let index = position[number] { set(outcome, at: index) }
  }

  private mutating func set(_ outcome: Outcome, at index: Int) {
    if entries[index].outcome == .excluded { return }
    pendingPositions.remove(index)
    prunedPositions.remove(index)
    infeasiblePositions.remove(index)
    failedPositions.remove(index)
    switch outcome {
    case .pending: pendingPositions.insert(index)
    case .pruned: prunedPositions.insert(index)
    case .infeasible: infeasiblePositions.insert(index)
    case .failed: failedPositions.insert(index)
    case .value: break
    case .excluded:
      excludedCount += 1
      let parameters = entries[index].parameters
      taken[parameters] = taken[parameters].flatMap { $0 > 1 ? $0 - 1 : nil }
    }
    entries[index].outcome = outcome
  }

  /// Whether nothing was tried.
  var isEmpty: Bool { entries.count == excludedCount }

  /// Whether a trial of this number has started.
  func knows(_ number: TrialNumber) -> Bool { position[number] != nil }

  /// Whether some trial took these parameters, whatever came of it.
  func contains(_ parameters: Parameters) -> Bool { taken[parameters] != nil }

  /// The number of trials that have a value, have none because there is none, or are under way.
  var informativeCount: Int { entries.count - failedPositions.count - excludedCount }

  /// The positions of the trials that have a value, with it.
  var valued: [(position: Int, value: Double, standardError: Double?)] {
    var valued: [(position: Int, value: Double, standardError: Double?)] = []
    valued.reserveCapacity(entries.count)
    for index in entries.indices {
      if case .value(let value, let error) = entries[index].outcome { valued.append((index, value, error)) }
    }
    return valued
  }

  /// The trials under way, in the order of their start.
  var pending: [Entry] { pendingPositions.sorted().map { entries[$0] } }

  /// The pruned trials, in the order of their start.
  var pruned: [Entry] { prunedPositions.sorted().map { entries[$0] } }

  /// The infeasible trials, in the order of their start.
  var infeasible: [Entry] { infeasiblePositions.sorted().map { entries[$0] } }

  /// The failed trials that still count, the newest 200.
  var recentFailures: [Entry] { failedPositions.sorted().suffix(200).map { entries[$0] } }
}
