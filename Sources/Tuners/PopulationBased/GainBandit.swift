import Foundation
import GaussianProcesses
import NumericalMethods
import TuningModel

/// Chooses parameters by what parts of training have brought so far: the explore step of population-based bandits.
///
/// A Gaussian process models how much better a state becomes in a step, by what the state is worth, the parameters and the
/// time, after which it forgets. The parameters with the highest mean plus √β standard deviations are taken, the parts under
/// way counted as known.
///
/// It differs from the method as published and as its authors coded it: the bonus is of the standard deviation, noise and
/// lengthscales are fitted, every parameter has its own scale (logarithms included), choices and conditions take part, and
/// gains and costs enter by their ranks, so that a cost that explodes moves nothing else. A part that failed is the worst.
/// - Source: Parker-Holder, Nguyen, Roberts 2020, "Provably efficient online hyperparameter optimization with
///   population-based bandits", sections 3 and 4.
struct GainBandit {
  /// With fewer gains there is nothing to model.
  static let fewestGains = 5
  /// Gains are at most so many standard deviations.
  private static let largestTarget = 2.0
  private static let draws = 512
  private static let neighbours = 64
  private static let radii = [0.2, 0.07, 0.02]
  /// What is believed of the lengthscale of time before any data, in parts of the time so far: within a factor of 5 of all
  /// of it, on two sides of three.
  private static let timePrior = LogNormal(0.5, 1.5)

  private let gains: [Population.Gain]
  private let pending: [(head: PopulationMember.Head, parameters: Parameters)]
  private let region: FeasibleRegion
  /// The slots that the model sees: those with more than one level.
  private let slots: [Int]
  private let kernel: TimeVaryingKernel

  init(_ population: Population, region: FeasibleRegion) {
    self.region = region
    gains = population.gains.filter { $0.before.isFinite }
    pending = population.members.compactMap { member in
      member.isBusy ? member.head.map { ($0, member.parameters) } : nil
    }
    let all = region.encoding.slots
    let slots = all.indices.filter { all[$0].kind.levelCount != 1 }
    self.slots = slots
    let dimensions = slots.map {
      InputLayout.Dimension(
        all[$0].kind.isOrdered ? .numeric : .categorical, isConditional: !all[$0].condition.isEmpty)
    }
    kernel = TimeVaryingKernel(
      AnisotropicKernel(SquaredExponential(), layout: InputLayout([InputLayout.Dimension(.numeric)] + dimensions)))
  }

  /// Parameters that were chosen, and what the model believed of them.
  struct Choice {
    var parameters: Parameters
    /// In ranks of the gains, as quantiles of the standard normal distribution.
    var mean, deviation: Double
    /// How much of what was learnt is forgotten over the time so far.
    var forgetting: Double
    var observations: Int

    /// What a trial's origin says of them.
    var json: JSONValue {
      [
        "mean": .number(mean), "deviation": .number(deviation), "forgetting": .number(forgetting),
        "observations": .integer(observations),
      ]
    }
  }

  /// The parameters for what comes after a state.
  ///
  /// - Parameters:
  ///   - base: the parameters that led to it; they are among the candidates.
  ///   - fitting: draws the starts of the fit.
  /// - Returns: `nil` while there are too few gains.
  /// - Complexity: n³ flops for n gains, some hundred times.
  func choice(
    after head: PopulationMember.Head, near base: Parameters, fitting: inout RandomStream,
    using random: inout RandomStream
  ) -> Choice? {
    guard gains.count >= Self.fewestGains, let process = process(at: head.step, &fitting) else { return nil }
    let underway = inputs(pending.map { ($0.head.cost, $0.head.step, encoding.encode($0.parameters)) }, at: head.step)
    guard let posterior = (try? Posterior(process, pending: underway)) ?? Optional(Posterior(process)) else {
      return nil
    }
    let weight = (0.2 + max(0, log(0.4 * Double(gains.count)))).squareRoot()
    func scored(_ points: [[Double]]) -> [Scored] {
      let moments = posterior.moments(at: inputs(points.map { (head.cost, head.step, $0) }, at: head.step))
      return points.indices.map {
        Scored(
          point: points[$0], mean: moments.means[$0], deviation: moments.variances[$0].squareRoot(), weight: weight)
      }
    }
    let start = region.encoding.encode(base)
    var best = scored([start] + (0..<Self.draws).map { _ in region.sample(using: &random) })
    for radius in Self.radii {
      best = Array(best.sorted { $0.value > $1.value }.prefix(5))
      for centre in best {
        let near = (0..<Self.neighbours).map { _ in neighbour(of: centre.point, radius, using: &random) }
        best += scored(near.filter(region.contains))
      }
    }
    guard let chosen = best.max(by: { $0.value < $1.value }) else { return nil }
    let parameters = encoding.decode(chosen.point)
    guard encoding.space.satisfiesConstraints(parameters) else { return nil }
    return Choice(
      parameters: parameters, mean: chosen.mean, deviation: chosen.deviation,
      forgetting: 1 - exp(-1 / process.hyperparameters.lengthscale(kernel.base.layout.count)),
      observations: gains.count)
  }

  /// A point with what the model believes of it.
  private struct Scored {
    var point: [Double]
    var mean, deviation, weight: Double
    var value: Double { mean + weight * deviation }
  }

  private var encoding: UnitCubeEncoding { region.encoding }

  // MARK: The model

  /// The process conditioned on the gains.
  private func process(at step: Int, _ random: inout RandomStream) -> GaussianProcess? {
    let points = gains.map { ($0.before, $0.stepFrom, encoding.encode($0.parameters)) }
    let observations = Observations(inputs(points, at: step), targets: targets)
    let base = kernel.base.layout
    var prior = HyperparameterPrior(dimension: kernel.layout.count, categorical: base.categoricalDimensions)
    prior.lengthscales[base.count] = Self.timePrior
    var settings = FitSettings()
    settings.priorDraws = 1
    settings.iterationLimit = 50
    let fit = MarginalLikelihood(observations, kernel: kernel, noise: prior.noise)
      .fit(prior: prior, settings: settings, using: &random)
    return try? GaussianProcess(
      observations, kernel: kernel, hyperparameters: fit.hyperparameters, noise: prior.noise)
  }

  /// What parts brought in a step, by rank, as quantiles of the standard normal distribution.
  private var targets: [Double] {
    let rates = gains.map { ($0.before - $0.after) / Double($0.stepTo - $0.stepFrom) }
    let sorted = rates.sorted()
    return rates.map { rate in
      let quantile = StandardNormal.inverseCDF(Self.rank(of: rate, in: sorted))
      return min(max(quantile, -Self.largestTarget), Self.largestTarget)
    }
  }

  /// Costs, steps and encoded parameters as the kernel's inputs.
  ///
  /// - Parameter step: how far the state is that is gone on from.
  private func inputs(_ points: [(cost: Double, step: Int, point: [Double])], at step: Int) -> Inputs {
    let costs = gains.map(\.before).sorted()
    let end = Double(max(1, step, gains.map(\.stepFrom).max() ?? 0))
    let rows = points.map { cost, step, point in
      [Self.rank(of: cost, in: costs)] + coordinates(point) + [min(Double(step) / end, 1)]
    }
    let activity = points.map { point -> [Bool] in
      let active = encoding.activity(at: point.point)
      return [true] + slots.map { active[$0] } + [true]
    }
    return Inputs(rows, active: activity, layout: kernel.layout)
  }

  private func coordinates(_ point: [Double]) -> [Double] {
    slots.map { slot in
      let kind = encoding.slots[slot].kind
      return kind.isOrdered ? point[slot] : Double(kind.level(at: point[slot]))
    }
  }

  /// The part of the values that lie below one, those equal to it counted by half; within (0, 1).
  private static func rank(of value: Double, in sorted: [Double]) -> Double {
    let below = sorted.count { $0 < value }
    let equal = sorted.count { $0 == value }
    return (Double(below) + Double(max(equal, 1)) / 2) / Double(sorted.count + (equal == 0 ? 1 : 0))
  }

  /// A point nearby: ordered coordinates move a little, one choice in ten is drawn anew.
  private func neighbour(of point: [Double], _ radius: Double, using random: inout RandomStream) -> [Double] {
    var moved = point
    for slot in slots {
      let kind = encoding.slots[slot].kind
      if kind.isOrdered {
        moved[slot] = min(max(moved[slot] + radius * StandardNormal.sample(using: &random), 0), 1)
      } else if Double.random(in: 0..<1, using: &random) < 0.1 {
        moved[slot] = Double.random(in: 0..<1, using: &random)
      }
    }
    return encoding.snap(moved)
  }
}
