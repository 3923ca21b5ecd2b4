import GaussianProcesses
import TuningModel

/// What a surrogate is conditioned on: the trials that say something of the objective, as rows of numbers.
struct SurrogateData: Sendable {
  /// The encoded points, [n][d].
  var points: [[Double]]
  /// Warped values, [n], to be minimised, of mean 0 and variance 1 (unless the warping is `none`) before trials that
  /// were not measured to the end were given theirs.
  var targets: [Double]
  /// Noise variances where standard errors were told or are known of all, [n], in squared units of the targets.
  var noiseVariances: [Double?]
  /// Whether a row was measured, and not imputed.
  var isObserved: [Bool]
  /// The way from values of the metric to targets and back.
  var warped: WarpedValues
  /// The number of trials that say something, those that were left out included.
  var total: Int

  /// Turns a history into rows.
  ///
  /// A pruned trial counts as the value that `PrunedValues` expects of it. Infeasible trials, failed ones where failures
  /// persist, and pruned ones whose last value was not finite, count as the worst value of all: the model turns away from
  /// there. Other failures say nothing of the objective.
  /// - Returns: `nil` where no values differ, because there is nothing to model then.
  init?(
    _ history: TrialHistory, _ courses: TrialCourses, encoding: SurrogateEncoding, warping: OutputWarping,
    subset: ObservationSubset, noise: Noise
  ) {
    let valued = history.valued
    let pruned = PrunedValues(history, courses)
    let values = valued.map(\.value) + pruned.expected.map(\.cost)
    guard !valued.isEmpty, values.contains(where: { $0 != values[0] }) else { return nil }
    let warped = warping.warp(values)
    let worst = warped.values.reduce(-Double.infinity, max)
    guard worst.isFinite, warped.values.contains(where: { $0 != warped.values[0] }) else { return nil }

    struct Row {
      var number: TrialNumber
      var point: [Double]
      var target: Double
      var noise: Double?
      var isObserved: Bool
    }
    // What is known of all values is known of each: a warping makes more of it here than there.
    let common: Double? = if case .fixed(let deviation) = noise { deviation } else { nil }
    var rows: [Row] = []
    rows.reserveCapacity(valued.count)
    for (index, row) in valued.enumerated() {
      let entry = history.entries[row.position]
      let noise = (row.standardError ?? common).map { Self.noiseVariance(warped.deviation($0, at: index), scale: 1) }
      rows.append(
        Row(number: entry.number, point: entry.point, target: warped.values[index], noise: noise, isObserved: true))
    }
    func impute(_ entry: TrialHistory.Entry) {
      rows.append(Row(number: entry.number, point: entry.point, target: worst, noise: nil, isObserved: false))
    }
    for entry in history.infeasible { impute(entry) }
    for entry in pruned.worst { impute(entry) }
    for (index, (entry, _)) in pruned.expected.enumerated() {
      let target = warped.values[valued.count + index]
      rows.append(Row(number: entry.number, point: entry.point, target: target, noise: nil, isObserved: false))
    }
    total = rows.count
    if rows.count > subset.limit {
      rows.sort { $0.number < $1.number }
      rows = subset.indices(
        values: rows.map(\.target), numbers: rows.map(\.number), point: { rows[$0].point }
      ).map { rows[$0] }
    }
    let failed = history.recentFailures
    let persist = FailureAvoidance.persist(
      encoding.inputs(failed.map(\.point)), among: encoding.inputs(rows.filter(\.isObserved).map(\.point)))
    for (entry, persists) in zip(failed, persist) where persists {
      impute(entry)
      total += 1
    }
    rows.sort { $0.number < $1.number }
    points = rows.map(\.point)
    targets = rows.map(\.target)
    noiseVariances = rows.map(\.noise)
    isObserved = rows.map(\.isObserved)
    self.warped = warped
  }

  /// The points that were measured.
  var observedPoints: [[Double]] { zip(points, isObserved).filter(\.1).map(\.0) }

  /// Some of the rows alone, their targets warped once more among themselves; `nil` where those do not differ by more than
  /// rounding, or where the noise is known, in units that are lost.
  func rows(_ rows: [Int], warping: OutputWarping) -> SurrogateData? {
    let targets = rows.map { self.targets[$0] }
    let warped = warping.warp(targets)
    let (least, largest) = (warped.values.min() ?? 0, warped.values.max() ?? 0)
    guard warped.values.allSatisfy(\.isFinite), largest - least > 0.1,
      rows.allSatisfy({ noiseVariances[$0] == nil })
    else { return nil }
    var some = self
    some.points = rows.map { points[$0] }
    some.targets = warped.values
    some.noiseVariances = rows.map { _ in nil }
    some.isObserved = rows.map { isObserved[$0] }
    some.warped = warped
    some.total = rows.count
    return some
  }

  /// The variance of a standard error in squared units of the targets.
  static func noiseVariance(_ deviation: Double, scale: Double) -> Double {
    let relative = deviation / scale
    guard relative.isFinite else { return 1e4 }
    return min(max(relative * relative, 1e-8), 1e4)
  }
}
