import Foundation
import NumericalMethods
package import TuningModel

/// Finds the feasible point, not yet tried, at which a surface is highest.
///
/// 1. Score a pool: scrambled Sobol points over the region, the best observations, sprays around the incumbent.
/// 2. Climb from the best of the pool, the incumbent, and others drawn with probability ∝ e^value, without replacement.
/// 3. Take the best point whose parameters were not tried: local maxima, then the pool, then neighbours of the best, then
///    random points. Finite spaces of up to 10,000 points are scored whole instead.
package struct AcquisitionMaximiser: Sendable {
  /// How much is looked at.
  package struct Settings: Hashable, Sendable {
    /// The pool of step 1.
    package var pool = CandidatePool.Sizes()
    /// The number of starts of step 2.
    package var starts = 10
    /// The largest number of points of a finite space that is scored whole.
    package var enumerationLimit = 10_000

    /// Creates the settings in use unless told otherwise.
    package init() {}
  }

  /// A point that was found, and how.
  package struct Proposal {
    /// The point, snapped.
    package var point: [Double]
    /// What it decodes to.
    package var parameters: Parameters
    /// The surface's value there; `nil` where it was not asked for.
    package var value: Double?
    /// How it was found.
    package var source: Source
  }

  /// How a point was found.
  package enum Source: String {
    case localSearch = "local_search"
    case pool
    case neighbour
    case axes
    case sample
    case enumeration
    /// No untried point is left, or none was found: the point was tried before.
    case repetition
  }

  package let region: FeasibleRegion
  package let settings: Settings

  package init(region: FeasibleRegion, settings: Settings = Settings()) {
    self.region = region
    self.settings = settings
  }

  /// The best proposal.
  ///
  /// - Parameters:
  ///   - surface: what is maximised.
  ///   - observed: the best observed points, best first.
  ///   - mayRepeat: whether a point may be proposed again once all have been tried.
  ///   - tried: whether parameters have been tried or are pending.
  ///   - random: the randomness of this trial.
  /// - Returns: `nil` when every point has been tried and none may be repeated.
  package func maximise(
    _ surface: any SearchSurface, observed: [[Double]], mayRepeat: Bool, tried: (Parameters) -> Bool,
    using random: inout RandomStream
  ) -> Proposal? {
    let finite = FinitePoints(region)
    if let all = finite?.all(limit: settings.enumerationLimit) {
      return bestOfAll(all, surface, mayRepeat: mayRepeat, tried: tried)
    }
    let pool = CandidatePool(region, sizes: settings.pool).points(observed: observed, using: &random)
    let values = surface.values(at: pool)
    let search = LocalSearch(surface, in: region)
    let starts = startIndices(values, incumbent: observed.isEmpty ? nil : 0, using: &random)
    let maxima = search.climb(from: starts.map { LocalSearch.Candidate(point: pool[$0], value: values[$0]) })
      .sorted { $0.value > $1.value }
    for candidate in maxima where candidate.value.isFinite {
      if let proposal = untried(candidate.point, candidate.value, .localSearch, tried) { return proposal }
    }
    for index in values.indices.sorted(by: { values[$0] > values[$1] }) where values[index].isFinite {
      if let proposal = untried(pool[index], values[index], .pool, tried) { return proposal }
    }
    if let best = maxima.first, let proposal = neighbour(of: best.point, surface, tried) { return proposal }
    return fresh(finite, mayRepeat: mayRepeat, best: maxima.first, tried: tried, using: &random)
  }

  private func untried(
    _ point: [Double], _ value: Double?, _ source: Source, _ tried: (Parameters) -> Bool
  ) -> Proposal? {
    let parameters = region.decode(point)
    guard !tried(parameters) else { return nil }
    return Proposal(point: region.encoding.snap(point), parameters: parameters, value: value, source: source)
  }

  /// The best point of the pool, the incumbent, and a draw of others by e^value.
  private func startIndices(
    _ values: [Double], incumbent: Int?, using random: inout RandomStream
  ) -> [Int] {
    let ranked = values.indices.filter { values[$0].isFinite }
    guard let best = ranked.max(by: { values[$0] < values[$1] }) else { return [] }
    var starts = [best]
    if let incumbent, ranked.contains(incumbent), incumbent != best { starts.append(incumbent) }
    var weights = values.map { $0.isFinite ? exp($0 - values[best]) : 0 }
    for index in starts { weights[index] = 0 }
    while starts.count < settings.starts {
      let total = weights.reduce(0, +)
      guard total > 0 else { break }
      var rest = Double.random(in: 0..<total, using: &random)
      // Rounding may leave a rest after the last weight: then the last possible one is taken.
      var chosen: Int?
      for index in weights.indices where weights[index] > 0 {
        chosen = index
        rest -= weights[index]
        if rest < 0 { break }
      }
      guard let chosen else { break }
      starts.append(chosen)
      weights[chosen] = 0
    }
    return starts
  }

  /// The best untried point of a finite space; where all are tried, the best of them if it may be repeated.
  private func bestOfAll(
    _ points: [[Double]], _ surface: any SearchSurface, mayRepeat: Bool, tried: (Parameters) -> Bool
  ) -> Proposal? {
    let fresh = points.filter { !tried(region.decode($0)) }
    guard !fresh.isEmpty || mayRepeat else { return nil }
    let candidates = fresh.isEmpty ? points : fresh
    var best: (index: Int, value: Double)?
    for start in stride(from: 0, to: candidates.count, by: settings.pool.global) {
      let chunk = start..<min(start + settings.pool.global, candidates.count)
      for (index, value) in zip(chunk, surface.values(at: Array(candidates[chunk]))) {
        if best.map({ value > $0.value }) ?? true { best = (index, value) }
      }
    }
    return best.map { best in
      Proposal(
        point: region.encoding.snap(candidates[best.index]),
        parameters: region.decode(candidates[best.index]), value: best.value,
        source: fresh.isEmpty ? .repetition : .enumeration)
    }
  }

  /// The best untried point that differs from a point in one coordinate by little.
  private func neighbour(
    of point: [Double], _ surface: any SearchSurface, _ tried: (Parameters) -> Bool
  ) -> Proposal? {
    let moves = AxisMoves(region, from: point).points { coordinate in
      [-0.05, -0.005, 0.005, 0.05].map { min(max(coordinate + $0, 0), 1) }
    } levels: { levels, present in
      Array(levels.sorted { abs($0 - present) < abs($1 - present) }.prefix(8))
    }
    return best(of: moves, surface, .neighbour, tried)
  }

  /// About how many points are looked at along all axes together.
  private static let axisPoints = 4_096

  /// The best untried point of the region among those that differ from another in one coordinate, by little or by much.
  ///
  /// Continuous coordinates are looked at in 4 to 64 random places, the fewer the more coordinates there are, one in each part
  /// of the axis; grids of more levels likewise, and of more choices so many at random.
  package func maximiseAlongAxes(
    _ surface: any SearchSurface, from point: [Double], tried: (Parameters) -> Bool,
    using random: inout RandomStream
  ) -> Proposal? {
    let places = min(max(Self.axisPoints / max(region.encoding.dimension, 1), 4), 64)
    let moves = AxisMoves(region, from: point).points(relaxed: places) { _ in
      (0..<places).map { (Double($0) + Double.random(in: 0..<1, using: &random)) / Double(places) }
    } levels: { levels, _ in
      levels.count > places ? Array(levels.shuffled(using: &random).prefix(places)) : levels
    }
    return best(of: moves, surface, .axes, tried)
  }

  /// The best untried one of some points; `nil` where there is none.
  private func best(
    of points: [[Double]], _ surface: any SearchSurface, _ source: Source, _ tried: (Parameters) -> Bool
  ) -> Proposal? {
    let fresh = points.filter { region.contains($0) && !tried(region.decode($0)) }
    let values = surface.values(at: fresh)
    guard let index = values.indices.max(by: { values[$0] < values[$1] }), values[index].isFinite else { return nil }
    return untried(fresh[index], values[index], source, tried)
  }

  /// A random untried point: uniform over the region, but for points that were tried.
  ///
  /// - Returns: `nil` when every point has been tried and none may be repeated.
  package func sample(
    mayRepeat: Bool, tried: (Parameters) -> Bool, using random: inout RandomStream
  ) -> Proposal? {
    fresh(FinitePoints(region), mayRepeat: mayRepeat, best: nil, tried: tried, using: &random)
  }

  /// Any untried point: random ones of the region, then the first of a finite space in order.
  private func fresh(
    _ finite: FinitePoints?, mayRepeat: Bool, best: LocalSearch.Candidate?, tried: (Parameters) -> Bool,
    using random: inout RandomStream
  ) -> Proposal? {
    for _ in 0..<256 {
      if let proposal = untried(region.sample(using: &random), nil, .sample, tried) { return proposal }
    }
    if let finite {
      let (point, sawAll) = finite.first(limit: 1_000_000) { !tried(region.decode($0)) }
      if let point { return untried(point, nil, .enumeration, tried) }
      if sawAll, !mayRepeat { return nil }
    }
    let point = best?.point ?? region.sample(using: &random)
    return Proposal(
      point: region.encoding.snap(point), parameters: region.decode(point), value: best?.value,
      source: .repetition)
  }
}
