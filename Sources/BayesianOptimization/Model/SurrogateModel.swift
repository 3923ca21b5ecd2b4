import Foundation
import GaussianProcesses
import TuningModel

/// A surrogate of the objective, fitted to what was measured, with what the search needs to know of it.
struct SurrogateModel {
  /// The Gaussian process, of the warped values.
  let process: GaussianProcess
  /// Its hyperparameters and how they came about.
  let record: FitRecord
  /// The value to improve upon, in units of the targets.
  let incumbent: Double
  /// The points of the best observations, the best first, as far as they were measured.
  let bestPoints: [[Double]]

  /// Fits the surrogate, or takes up an earlier fit that still serves.
  ///
  /// - Parameters:
  ///   - form: what kind of process it is.
  ///   - previous: the last fit that the log of events holds.
  ///   - random: draws starts of the fit.
  /// - Throws: `failed` when not even the prior's mode can be conditioned on the data.
  init(
    _ data: SurrogateData, encoding: SurrogateEncoding, form: SurrogateForm, noise: Noise, seed: StudySeed,
    previous: FitRecord?, using random: inout RandomStream
  ) throws(TunerError) {
    let observations = Observations(
      encoding.inputs(data.points), targets: data.targets, knownNoiseVariances: data.noiseVariances)
    let fitting = SurrogateFitting(
      observations, total: data.total, form: form, noise: noise, scale: data.warped.scale, seed: seed)
    (process, record) = try fitting.run(previous, using: &random)

    // What is improved upon is the model's own value at the best point: with noise a lucky measurement is no incumbent.
    let means = record.isNoiseFree ? data.targets : Posterior(process).means(at: observations.inputs)
    let observed = data.points.indices.filter { data.isObserved[$0] }.sorted { (means[$0], $0) < (means[$1], $1) }
    incumbent = observed.first.map { means[$0] } ?? 0
    bestPoints = observed.prefix(5).map { data.points[$0] }
  }
}
