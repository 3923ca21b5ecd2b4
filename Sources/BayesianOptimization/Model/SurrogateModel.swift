import Foundation
import GaussianProcesses
import TuningModel

/// The Gaussian process that stands for a study's objective, with what is needed to choose the next point.
struct SurrogateModel {
  /// The process.
  let process: GaussianProcess
  /// The fit that it uses.
  let record: FitRecord
  /// The value to improve upon, in the process's units.
  let incumbent: Double
  /// The best observed points, best first; at most five.
  let bestPoints: [[Double]]

  /// What a model is made from.
  struct Data {
    /// The points, [n], in the order of their trials.
    var points: [[Double]]
    /// Warped values, [n].
    var targets: [Double]
    /// Known noise variances in units of the targets, [n].
    var noiseVariances: [Double?]
    /// Whether each is an observed value, rather than imputed where a trial was infeasible.
    var isObserved: [Bool]
    /// What a difference of 1 among the targets is in the objective's own units.
    var scale: Double
    /// What a target of 0 is in the objective's own units.
    var location: Double
  }

  /// The data of a history, or `nil` where there are fewer than two different values.
  ///
  /// Values are warped and standardised. An infeasible trial counts as the worst value seen: bad enough to turn the search
  /// away, and no cliff that would spoil the lengthscales. So does a failed one where failures persist.
  static func data(
    _ history: TrialHistory, encoding: SurrogateEncoding, warping: OutputWarping, subset: ObservationSubset
  ) -> Data? {
    let valued = history.valued
    guard let first = valued.first, valued.contains(where: { $0.value != first.value }) else { return nil }
    let warped = warping.warp(valued.map(\.value))
    let worst = warped.values.reduce(-Double.infinity, max)
    guard worst.isFinite, warped.values.contains(where: { $0 != warped.values[0] }) else { return nil }
    var rows: [(number: Int, point: [Double], target: Double, noise: Double?, isObserved: Bool)] = []
    for (row, target) in zip(valued, warped.values) {
      let noise = row.standardError.map { noiseVariance($0, scale: warped.scale) }
      rows.append((row.entry.number, row.entry.point, target, noise, true))
    }
    let failed = history.recentFailures
    let persist = FailureAvoidance.persist(
      encoding.inputs(failed.map(\.point)), among: encoding.inputs(valued.map(\.entry.point)))
    let imputed = history.entries(.infeasible) + zip(failed, persist).filter(\.1).map(\.0)
    for entry in imputed { rows.append((entry.number, entry.point, worst, nil, false)) }
    rows.sort { $0.number < $1.number }
    let chosen = subset.indices(rows.map(\.point), values: rows.map(\.target)) { a, b in
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return Data(
      points: chosen.map { rows[$0].point }, targets: chosen.map { rows[$0].target },
      noiseVariances: chosen.map { rows[$0].noise }, isObserved: chosen.map { rows[$0].isObserved },
      scale: warped.scale, location: warped.location)
  }

  /// Fits a model, or takes over an earlier fit that still serves.
  ///
  /// - Throws: `TunerError.failed` when not even the prior's mode can be conditioned on the data.
  init(
    _ data: Data, encoding: SurrogateEncoding, noise: Noise, previous: FitRecord?,
    using random: inout RandomStream
  ) throws(TunerError) {
    let observations = Observations(
      encoding.inputs(data.points), targets: data.targets, knownNoiseVariances: data.noiseVariances)
    let kernel = AnisotropicKernel(layout: encoding.layout)
    let noiseModel = Self.noiseModel(noise, scale: data.scale)
    let prior = HyperparameterPrior(dimension: encoding.layout.count, noise: noiseModel)
    let likelihood = MarginalLikelihood(observations, kernel: kernel, noise: noiseModel)

    var candidates: [FitRecord] = []
    if let previous, !previous.isStale(for: data.targets.count) {
      var kept = previous
      kept.hyperparameters = prior.clamped(previous.hyperparameters)
      candidates.append(kept)
    } else {
      var settings = FitSettings()
      settings.severalStartsLimit = FitRecord.everyTimeLimit
      let fit = likelihood.fit(prior: prior, from: previous?.hyperparameters, settings: settings, using: &random)
      candidates.append(
        FitRecord(hyperparameters: fit.hyperparameters, observations: data.targets.count, origin: fit.origin))
    }
    candidates.append(
      FitRecord(hyperparameters: prior.mode, observations: data.targets.count, origin: .unfittedPriorMode))

    var conditioned: (process: GaussianProcess, record: FitRecord)?
    var failure: GaussianProcessError?
    for record in candidates where conditioned == nil {
      do throws(GaussianProcessError) {
        let process = try GaussianProcess(
          observations, kernel: kernel, hyperparameters: record.hyperparameters, noise: noiseModel)
        conditioned = (process, record)
      } catch {
        failure = error
      }
    }
    guard let (process, record) = conditioned else {
      let reason = failure.map(String.init(describing:)) ?? "no reason"
      throw .failed("The surrogate could not be conditioned on \(data.targets.count) observations: \(reason).")
    }
    self.process = process
    self.record = record

    // What is improved upon is the model's own value at the best point: with noise a lucky measurement is no incumbent.
    let means =
      noise == .none ? data.targets : Posterior(process).moments(at: observations.inputs).means
    let observed = data.points.indices.filter { data.isObserved[$0] }.sorted { (means[$0], $0) < (means[$1], $1) }
    incumbent = observed.first.map { means[$0] } ?? 0
    bestPoints = observed.prefix(5).map { data.points[$0] }
  }

  private static func noiseModel(_ noise: Noise, scale: Double) -> NoiseModel {
    switch noise {
    case .auto: return .learned(floor: 1e-6)
    case .none: return .fixed(1e-8)
    case .fixed(let deviation): return .fixed(noiseVariance(deviation, scale: scale))
    }
  }

  /// A noise variance in units of the targets, kept where double precision can tell it from nothing and from everything.
  private static func noiseVariance(_ deviation: Double, scale: Double) -> Double {
    let relative = deviation / scale
    return min(max(relative * relative, 1e-8), 1e4)
  }
}
