import NumericalMethods
import TuningModel

/// Climbs a surface from a feasible point: continuous coordinates by bounded L-BFGS, discrete ones one at a time, in turn
/// until neither helps.
///
/// Every point accepted is feasible, has its grids at their levels, and is no worse than the one before.
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

  /// The local maximum that is reached from a start.
  func climb(from start: Candidate) -> Candidate {
    var best = start
    for _ in 0..<Self.cycleLimit {
      let before = best.value
      let climbed = climbContinuous(from: best)
      if climbed.value > best.value { best = climbed }
      guard sweepDiscrete(&best) else { break }
      if best.value - before < 1e-6 { break }
    }
    return best
  }

  // MARK: Continuous coordinates

  private func climbContinuous(from start: Candidate) -> Candidate {
    let active = region.encoding.activity(at: start.point)
    let free = region.encoding.slots.indices.filter { slot in
      let kind = region.encoding.slots[slot].kind
      return active[slot] && kind.isOrdered && (kind.levelCount ?? .max) > Self.enumerationLimit
    }
    guard !free.isEmpty, start.value.isFinite else { return start }
    // In units of the lengthscales the surface is about equally curved in all directions.
    let minimiser = BoundedLBFGS(
      bounds: BoxBounds(
        lower: Array(repeating: 0, count: free.count), upper: free.map { 1 / scales[$0] }),
      options: BoundedLBFGS.Options(
        maximumIterations: 100, maximumEvaluations: 150, gradientTolerance: 1e-4, valueTolerance: 1e-9))
    var point = start.point
    // Constraints enter by a penalty, first a mild one to slide along them, then a steep one to come close.
    for penalty in region.isWholeCube ? [0] : [1e3, 1e6] {
      var full = point
      var violationGradient = point
      let result = minimiser.minimise(from: free.map { point[$0] / scales[$0] }) { variables, gradient in
        for (index, slot) in free.enumerated() { full[slot] = min(variables[index] * scales[slot], 1) }
        let (value, slopes) = surface.evaluate(at: full)
        var objective = -value
        for (index, slot) in free.enumerated() { gradient[index] = -slopes[slot] * scales[slot] }
        if penalty > 0 {
          objective += penalty * region.violation(at: full, gradient: &violationGradient)
          for (index, slot) in free.enumerated() { gradient[index] += penalty * violationGradient[slot] * scales[slot] }
        }
        return objective
      }
      guard result.value.isFinite else { break }
      for (index, slot) in free.enumerated() { point[slot] = min(max(result.point[index] * scales[slot], 0), 1) }
    }
    let feasible = nearestFeasible(to: point, from: start.point, free)
    return Candidate(point: feasible, value: surface.values(at: [feasible])[0])
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

  /// Improves each discrete coordinate in turn; whether any changed.
  private func sweepDiscrete(_ best: inout Candidate) -> Bool {
    var improved = false
    for (slot, description) in region.encoding.slots.enumerated() {
      guard let count = description.kind.levelCount, count > 1 else { continue }
      guard region.encoding.activity(at: best.point)[slot] else { continue }
      if !description.kind.isOrdered || count <= Self.enumerationLimit {
        if improve(slot, to: region.feasibleLevels(of: slot, at: best.point), &best) { improved = true }
      } else {
        if searchGrid(slot, &best) { improved = true }
      }
    }
    return improved
  }

  /// Searches a long grid by steps that double, until none to either side helps.
  private func searchGrid(_ slot: Int, _ best: inout Candidate) -> Bool {
    let kind = region.encoding.slots[slot].kind
    var improved = false
    for _ in 0..<Self.cycleLimit {
      let levels = region.feasibleLevels(of: slot, at: best.point)
      guard let position = levels.firstIndex(of: kind.level(at: best.point[slot])) else { break }
      var steps: [Int] = []
      var step = 1
      while step < levels.count {
        steps += [position - step, position + step].filter(levels.indices.contains)
        step *= 2
      }
      guard improve(slot, to: steps.map { levels[$0] }, &best) else { break }
      improved = true
    }
    return improved
  }

  private func improve(_ slot: Int, to levels: [Int], _ best: inout Candidate) -> Bool {
    let kind = region.encoding.slots[slot].kind
    let present = kind.level(at: best.point[slot])
    let points = levels.filter { $0 != present }.map { level in
      var point = best.point
      point[slot] = kind.coordinate(ofLevel: level)
      return point
    }
    let values = surface.values(at: points)
    guard let index = values.indices.max(by: { values[$0] < values[$1] }), values[index] > best.value + 1e-12 else {
      return false
    }
    best = Candidate(point: points[index], value: values[index])
    return true
  }
}
