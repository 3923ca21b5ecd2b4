import NumericalMethods
import TuningModel

/// Climbs a surface from feasible points: continuous coordinates by bounded L-BFGS, discrete ones one at a time, in turn
/// until neither helps.
///
/// All climbs go on side by side, so that the surface is asked for many points at a time; the path of each is the one that
/// it would take alone. Every point accepted is feasible, has its grids at their levels, and is no worse than the one
/// before.
struct LocalSearch {
  let surface: any SearchSurface
  let region: FeasibleRegion
  private let scales: [Double]

  /// Grids of more levels than this are relaxed and searched by steps; smaller ones are tried level by level.
  static let enumerationLimit = 16
  private static let cycleLimit = 10

  init(_ surface: any SearchSurface, in region: FeasibleRegion) {
    self.surface = surface
    self.region = region
    scales = surface.lengthscales
  }

  /// A point and the surface's value there.
  struct Candidate {
    var point: [Double]
    var value: Double
  }

  /// The local maxima that are reached from some starts, one for each.
  func climb(from starts: [Candidate]) -> [Candidate] {
    var best = starts
    var moving = Array(starts.indices)
    for _ in 0..<Self.cycleLimit where !moving.isEmpty {
      let before = moving.map { best[$0].value }
      for (index, climbed) in zip(moving, climbContinuous(from: moving.map { best[$0] })) {
        if climbed.value > best[index].value { best[index] = climbed }
      }
      let improved = sweepDiscrete(moving, &best)
      moving = zip(moving, before).filter { improved.contains($0) && best[$0].value - $1 >= 1e-6 }.map(\.0)
    }
    return best
  }

  // MARK: Continuous coordinates

  /// A climb over the continuous coordinates of one candidate.
  private struct Ascent {
    let start: Candidate
    /// The slots that move.
    let free: [Int]
    let minimiser: BoundedLBFGS
    var point: [Double]
    /// Constraints enter by a penalty, first a mild one to slide along them, then a steep one to come close.
    var penalties: ArraySlice<Double>
    var descent: BoundedDescent
  }

  private func ascent(from start: Candidate) -> Ascent? {
    let active = region.encoding.activity(at: start.point)
    let free = region.encoding.slots.indices.filter { slot in
      let kind = region.encoding.slots[slot].kind
      return active[slot] && !region.isFixed(slot) && kind.isOrdered
        && (kind.levelCount ?? .max) > Self.enumerationLimit
    }
    guard !free.isEmpty, start.value.isFinite else { return nil }
    // In units of the lengthscales the surface is about equally curved in all directions.
    let minimiser = BoundedLBFGS(
      bounds: BoxBounds(
        lower: Array(repeating: 0, count: free.count), upper: free.map { 1 / scales[$0] }),
      options: BoundedLBFGS.Options(
        maximumIterations: 100, maximumEvaluations: 150, gradientTolerance: 1e-4, valueTolerance: 1e-9))
    return Ascent(
      start: start, free: free, minimiser: minimiser, point: start.point,
      penalties: region.isUnconstrained ? [0] : [1e3, 1e6],
      descent: minimiser.descent(from: free.map { start.point[$0] / scales[$0] }))
  }

  private func climbContinuous(from starts: [Candidate]) -> [Candidate] {
    var ascents = starts.map(ascent)
    var violationGradient = [Double](repeating: 0, count: region.encoding.dimension)
    while true {
      let open = ascents.indices.filter { ascents[$0]?.descent.next != nil }
      guard !open.isEmpty else { break }
      let points = open.map { index in ascents[index].map { point($0, at: $0.descent.next ?? []) } ?? [] }
      for ((index, point), (value, slopes)) in zip(zip(open, points), surface.evaluate(at: points)) {
        guard var ascent = ascents[index], let penalty = ascent.penalties.first else { continue }
        ascents[index] = nil
        var objective = -value
        var gradient = ascent.free.map { -slopes[$0] * scales[$0] }
        if penalty > 0 {
          objective += penalty * region.violation(at: point, gradient: &violationGradient)
          for (k, slot) in ascent.free.enumerated() { gradient[k] += penalty * violationGradient[slot] * scales[slot] }
        }
        ascent.descent.advance(value: objective, gradient: gradient)
        if ascent.descent.next == nil { finishPenalty(&ascent) }
        ascents[index] = ascent
      }
    }
    let goals = zip(ascents, starts).map { ascent, start in
      ascent.map { nearestFeasible(to: $0.point, from: start.point, $0.free) } ?? start.point
    }
    return zip(goals, surface.values(at: goals)).map { Candidate(point: $0, value: $1) }
  }

  /// The point of the encoded space where a descent's variables stand.
  private func point(_ ascent: Ascent, at variables: [Double]) -> [Double] {
    var point = ascent.start.point
    for (k, slot) in ascent.free.enumerated() { point[slot] = min(variables[k] * scales[slot], 1) }
    return point
  }

  /// Takes over where a descent arrived, and goes on under the next penalty.
  private func finishPenalty(_ ascent: inout Ascent) {
    let result = ascent.descent.result
    guard result.value.isFinite else { return }
    for (k, slot) in ascent.free.enumerated() { ascent.point[slot] = min(max(result.point[k] * scales[slot], 0), 1) }
    ascent.penalties = ascent.penalties.dropFirst()
    guard !ascent.penalties.isEmpty else { return }
    ascent.descent = ascent.minimiser.descent(from: ascent.free.map { ascent.point[$0] / scales[$0] })
  }

  /// The last feasible point, grids at their levels, that bisection finds on the way from a feasible start to a goal.
  private func nearestFeasible(to goal: [Double], from start: [Double], _ free: [Int]) -> [Double] {
    func point(at fraction: Double) -> [Double] {
      var point = start
      for slot in free {
        let moved = fraction == 1 ? goal[slot] : start[slot] + fraction * (goal[slot] - start[slot])
        point[slot] = region.encoding.slots[slot].kind.snapped(min(max(moved, 0), 1))
      }
      return point
    }
    let arrived = point(at: 1)
    if region.contains(arrived) { return arrived }
    var (inside, outside) = (0.0, 1.0)
    var last = start
    for _ in 0..<40 {
      let middle = (inside + outside) / 2
      let candidate = point(at: middle)
      if region.contains(candidate) {
        (inside, last) = (middle, candidate)
      } else {
        outside = middle
      }
    }
    return last
  }

  // MARK: Discrete coordinates

  /// Improves each discrete coordinate of some candidates in turn; those that any change helped.
  private func sweepDiscrete(_ moving: [Int], _ best: inout [Candidate]) -> Set<Int> {
    var improved: Set<Int> = []
    for (slot, description) in region.encoding.slots.enumerated() {
      guard let count = description.kind.levelCount, count > 1 else { continue }
      let active = moving.filter { region.encoding.activity(at: best[$0].point)[slot] }
      if !description.kind.isOrdered || count <= Self.enumerationLimit {
        let trials = active.map { ($0, region.feasibleLevels(of: slot, at: best[$0].point)) }
        improved.formUnion(improve(slot, trials, &best))
      } else {
        improved.formUnion(searchGrid(slot, active, &best))
      }
    }
    return improved
  }

  /// Searches a long grid by steps that double, until none to either side helps; the candidates that it helped.
  private func searchGrid(_ slot: Int, _ candidates: [Int], _ best: inout [Candidate]) -> Set<Int> {
    let kind = region.encoding.slots[slot].kind
    var improved: Set<Int> = []
    var open = candidates
    for _ in 0..<Self.cycleLimit where !open.isEmpty {
      let trials = open.compactMap { index -> (Int, [Int])? in
        let levels = region.feasibleLevels(of: slot, at: best[index].point)
        guard let position = levels.firstIndex(of: kind.level(at: best[index].point[slot])) else { return nil }
        var steps: [Int] = []
        var step = 1
        while step < levels.count {
          steps += [position - step, position + step].filter(levels.indices.contains)
          step *= 2
        }
        return (index, steps.map { levels[$0] })
      }
      open = improve(slot, trials, &best)
      improved.formUnion(open)
    }
    return improved
  }

  /// Moves candidates to the best of some levels of a slot where that helps; those that moved.
  private func improve(_ slot: Int, _ trials: [(candidate: Int, levels: [Int])], _ best: inout [Candidate]) -> [Int] {
    let kind = region.encoding.slots[slot].kind
    var points: [[Double]] = []
    var ranges: [Range<Int>] = []
    for (candidate, levels) in trials {
      let first = points.count
      let present = kind.level(at: best[candidate].point[slot])
      for level in levels where level != present {
        var point = best[candidate].point
        point[slot] = kind.coordinate(ofLevel: level)
        points.append(point)
      }
      ranges.append(first..<points.count)
    }
    let values = surface.values(at: points)
    var improved: [Int] = []
    for ((candidate, _), range) in zip(trials, ranges) {
      guard let index = range.max(by: { values[$0] < values[$1] }), values[index] > best[candidate].value + 1e-12
      else { continue }
      best[candidate] = Candidate(point: points[index], value: values[index])
      improved.append(candidate)
    }
    return improved
  }
}
