public import TuningModel

/// The variance of a random forest's function over the search space, divided among parameters and pairs of them.
///
/// A single tree follows what its own sample happens to be, which shows as interactions that are not there. So effects are
/// not taken from the variance within each tree but from the covariances of neighbours in a ring of trees on different
/// samples: what two trees agree on. With many trees that is the decomposition of the forest's mean.
public struct ForestDecomposition: Sendable {
  /// How the forest is grown.
  public struct Settings: Sendable {
    /// The number of trees, at least 3.
    public var trees: Int
    /// How many evaluations each tree draws, with replacement; at most as many as there are.
    public var sample: Int

    /// Creates settings.
    public init(trees: Int = 64, sample: Int = 1_024) {
      self.trees = trees
      self.sample = sample
    }
  }

  /// Divides the variance of a metric; `nil` when the caller goes before it is done.
  ///
  /// - Complexity: trees × sample × (64 · log²(sample) + sample · depth), whatever the number of evaluations.
  /// - Parameters:
  ///   - share: only differences among the best share of the values count; worse ones are taken for the worst of these.
  ///   - settings: how the forest is grown.
  ///   - isGivenUp: asked now and then.
  public static func report(
    on evaluations: Evaluations, of objective: Objective, best share: Double = 1, seed: StudySeed,
    settings: Settings = Settings(), unless isGivenUp: () -> Bool = { false }
  ) -> ImportanceReport? {
    var evaluations = evaluations
    if share < 1 { evaluations.keepBest(share, of: objective) }
    let targets = evaluations.targets
    let slots = evaluations.encoding.slots
    var outOfBag = OutOfBag(count: targets.count)
    var forest: [BoxTree] = []
    for number in 1...max(3, settings.trees) {
      if isGivenUp() { return nil }
      var random = RandomStream(seed: seed, trial: number, purpose: .importance)
      let sample = (0..<min(settings.sample, targets.count)).map { _ in random.index(below: targets.count) }
      var grower = TreeGrower(slots, evaluations.columns, targets, random: random)
      let tree = grower.grow(on: sample)
      outOfBag.add(tree, without: sample, evaluations.columns)
      forest.append(tree)
    }
    let space = SplitSpace(of: forest, slots)
    let tables = forest.map { LeafTable($0, in: space) }
    let candidates = Candidates(space)
    var pairs: [PairedEffects] = []
    for t in tables.indices {
      if isGivenUp() { return nil }
      pairs.append(
        PairedEffects(
          of: tables[t], and: tables[(t + 1) % tables.count], in: space, candidates: candidates.number,
          candidates.parameters.count))
    }
    var report = ImportanceReport(
      of: objective.metric, share: share, trials: evaluations.count, explained: outOfBag.explained(targets))
    let names = evaluations.encoding.space.parameters.map(\.name)
    report.parameters = names.map { ImportanceReport.Effect([$0]) }
    let wholes = pairs.map(\.whole)
    // Trees that agree on nothing have nothing to divide.
    guard wholes.reduce(0, +) > 0 else { return report }
    for (number, parameter) in space.parameters.enumerated() {
      let main = Share(of: pairs.map { $0.main[number] }, in: wholes)
      let total = Share(of: pairs.map { $0.total[number] }, in: wholes)
      report.parameters[parameter].take(main.value, main.standardError)
      report.parameters[parameter].total = max(report.parameters[parameter].importance, min(total.value, 1))
    }
    report.interactions = candidates.pairs.map { a, b in
      var effect = ImportanceReport.Effect([names[space.parameters[a.parameter]], names[space.parameters[b.parameter]]])
      let place = a.number * candidates.parameters.count + b.number
      let share = Share(of: pairs.map { $0.interactions[place] }, in: wholes)
      effect.take(share.value, share.standardError)
      return effect
    }
    report.sort()
    return report
  }
}

extension ImportanceReport.Effect {
  /// Takes an estimate, which lies within 0 and 1 but for its error.
  fileprivate mutating func take(_ share: Double, _ standardError: Double) {
    importance = min(max(share, 0), 1)
    self.standardError = standardError.isFinite ? standardError : 0
  }
}

/// The parameters whose interactions are worked out: those that the divisions of the trees gain most by.
private struct Candidates {
  static let limit = 16

  /// For each parameter its number among the candidates, or -1.
  var number: [Int]
  /// The candidates in the order of the space.
  var parameters: [Int]

  init(_ space: SplitSpace) {
    parameters = space.gains.indices.sorted { (-space.gains[$0], $0) < (-space.gains[$1], $1) }
      .prefix(Self.limit).sorted()
    number = Array(repeating: -1, count: space.gains.count)
    for (place, parameter) in parameters.enumerated() { number[parameter] = place }
  }

  /// All pairs, in their order.
  var pairs: [(a: (parameter: Int, number: Int), b: (parameter: Int, number: Int))] {
    parameters.indices.flatMap { a in
      parameters.indices.dropFirst(a + 1).map { b in ((parameters[a], a), (parameters[b], b)) }
    }
  }
}

/// What trees say of evaluations that they have not seen.
private struct OutOfBag {
  private var sums: [Double]
  private var counts: [Double]

  init(count: Int) {
    sums = Array(repeating: 0, count: count)
    counts = sums
  }

  mutating func add(_ tree: BoxTree, without sample: [Int], _ columns: [[Double]]) {
    var isSeen = [Bool](repeating: false, count: sums.count)
    for index in sample { isSeen[index] = true }
    for index in sums.indices where !isSeen[index] {
      sums[index] += tree.value(at: index, columns)
      counts[index] += 1
    }
  }

  /// The share of the targets' variance that is explained; `nil` where there is none.
  func explained(_ targets: [Double]) -> Double? {
    let judged = targets.indices.filter { counts[$0] > 0 }
    let mean = judged.reduce(0) { $0 + targets[$1] / Double(judged.count) }
    let variance = judged.reduce(0) { $0 + (targets[$1] - mean) * (targets[$1] - mean) }
    let error = judged.reduce(0) { sum, index in
      let residual = targets[index] - sums[index] / counts[index]
      return sum + residual * residual
    }
    return variance > 0 ? 1 - error / variance : nil
  }
}
