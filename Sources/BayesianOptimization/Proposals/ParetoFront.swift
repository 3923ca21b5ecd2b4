import GaussianProcesses
import TuningModel

/// Untried points of which none has both a higher mean and a lower deviation than another.
package struct ParetoFront {
  /// One point and what the surrogate believes there.
  package struct Member {
    /// The point.
    package var point: [Double]
    /// The posterior mean, raised where trials fail again and again.
    package var mean: Double
    /// The posterior standard deviation, given that pending trials will be measured.
    package var deviation: Double
    /// How the point was found.
    package var source: AcquisitionMaximiser.Source

    /// Creates a member.
    package init(point: [Double], mean: Double, deviation: Double, source: AcquisitionMaximiser.Source) {
      self.point = point
      self.mean = mean
      self.deviation = deviation
      self.source = source
    }
  }

  /// The members by ascending mean, and so by ascending deviation.
  package let members: [Member]

  /// The coefficients of the confidence bounds whose maximisers are candidates.
  private static let coefficients = [0, 0.25, 0.5, 1, 2, 4]

  /// The candidates that no other one dominates; of equal ones the first.
  package init(_ candidates: [Member]) {
    var members: [Member] = []
    for index in candidates.indices.sorted(by: {
      (candidates[$0].mean, -candidates[$0].deviation, $0) < (candidates[$1].mean, -candidates[$1].deviation, $1)
    }) where candidates[index].deviation > members.last?.deviation ?? -.infinity {
      members.append(candidates[index])
    }
    self.members = members
  }

  /// The front of a pool of points over the region and of the maximisers of confidence bounds and of the deviation.
  ///
  /// Of a finite space that is small enough all points are the pool.
  init(in situation: ProposalSituation, _ posterior: Posterior, using random: inout RandomStream) {
    let settings = situation.maximiser.settings
    let all = FinitePoints(situation.region)?.all(limit: settings.enumerationLimit)
    let pool =
      all
      ?? CandidatePool(situation.region, sizes: settings.pool)
      .points(observed: situation.model.bestPoints, using: &random)
    var candidates = Self.members(pool, all == nil ? .pool : .enumeration, situation, posterior)
    if all == nil {
      let fantasies = Fantasies(believing: posterior, incumbent: situation.model.incumbent)
      let acquisitions: [any Acquisition] = Self.coefficients.map { ConfidenceBound($0) } + [PosteriorDeviation()]
      let climbed = acquisitions.compactMap { acquisition -> [Double]? in
        let surface = situation.surface(acquisition, posterior, fantasies)
        guard let best = candidates.max(by: { utility(acquisition, $0) < utility(acquisition, $1) }) else { return nil }
        let start = LocalSearch.Candidate(point: best.point, value: surface.values(at: [best.point])[0])
        return LocalSearch(surface, in: situation.region).climb(from: [start])[0].point
      }
      candidates += Self.members(climbed, .localSearch, situation, posterior)
    }
    self.init(candidates.filter { !situation.tried(situation.region.decode($0.point)) })

    func utility(_ acquisition: any Acquisition, _ member: Member) -> Double {
      acquisition.evaluate(mean: member.mean, deviation: member.deviation, incumbent: 0).value
    }
  }

  private static func members(
    _ points: [[Double]], _ source: AcquisitionMaximiser.Source, _ situation: ProposalSituation, _ posterior: Posterior
  ) -> [Member] {
    guard !points.isEmpty else { return [] }
    let inputs = situation.encoding.inputs(points)
    let moments = posterior.moments(at: inputs)
    let penalties = situation.avoidance?.values(at: inputs)
    return points.indices.map { index in
      Member(
        point: points[index], mean: moments.means[index] - (penalties?[index] ?? 0),
        deviation: moments.variances[index].squareRoot(), source: source)
    }
  }
}
