import Foundation
import GaussianProcesses
import TuningModel

/// How a surrogate's hyperparameters are found: which fits are made, and when an earlier one still serves.
struct SurrogateFitting {
  let observations: Observations
  /// The number of observations that there are, those that the model could not take included.
  let total: Int
  let form: SurrogateForm
  let noise: Noise
  /// What a difference of 1 between targets is in units of the metric.
  let scale: Double
  private let kernel: any CovarianceKernel
  private let mean: PriorMean

  /// Prepares fits.
  ///
  /// - Parameter seed: the study's. The mean function draws from a stream of its own, so that it changes with the
  ///   observations alone.
  init(
    _ observations: Observations, total: Int, form: SurrogateForm, noise: Noise, scale: Double, seed: StudySeed
  ) {
    self.observations = observations
    self.total = total
    self.form = form
    self.noise = noise
    self.scale = scale
    kernel = form.kernel(observations.inputs.layout)
    var random = RandomStream(seed: seed, trial: total, purpose: .surrogate)
    mean = form.mean.fitted(to: observations, using: &random)
  }

  /// The noise variance of an objective without noise, in squared units of the targets: what keeps factors sound.
  static let noiseFreeVariance = 1e-8
  /// Above this learned noise variance nobody asks whether there is none.
  private static let noiseFreeCandidate = 1e-3
  /// How much less likely, in nats, the observations may be without noise for the simpler account to be believed.
  private static let noiseFreeMargin = 1.0

  /// The process conditioned on the observations, and the fit behind it.
  ///
  /// - Throws: `failed` when not even the prior's mode can be conditioned on the data.
  func run(
    _ previous: FitRecord?, using random: inout RandomStream
  ) throws(TunerError) -> (process: GaussianProcess, record: FitRecord) {
    var isSearch = previous?.needsSearch(for: total) ?? true
    if let previous, !previous.isStale(for: total), let process = try? process(previous) {
      var kept = previous
      kept.hyperparameters = process.hyperparameters
      // Which observations are new is known only while the model takes them all.
      guard observations.count == total, kept.isSurprised(by: process.sequentialLogDensities) else {
        return (process, kept)
      }
      isSearch = true
    }
    let record = fit(from: previous, isSearch: isSearch, using: &random)
    var failure: GaussianProcessError
    do throws(GaussianProcessError) {
      return (try process(record), record)
    } catch {
      failure = error
    }
    do throws(GaussianProcessError) {
      let model = noiseModel(isNoiseFree: false)
      let fallback = FitRecord(
        hyperparameters: prior(model).mode, isNoiseFree: false, observations: total, searched: 0,
        origin: .unfittedPriorMode)
      return (try process(fallback), fallback)
    } catch {
      failure = error
    }
    throw .failed("The surrogate could not be conditioned on \(observations.count) observations: \(failure).")
  }

  // MARK: Fits

  private func fit(
    from previous: FitRecord?, isSearch: Bool, using random: inout RandomStream
  ) -> FitRecord {
    var settings = FitSettings()
    settings.severalStartsLimit = isSearch ? FitRecord.everyTimeLimit : 0
    settings.startsFromSubset = isSearch
    func record(_ fit: HyperparameterFit, isNoiseFree: Bool) -> FitRecord {
      FitRecord(
        hyperparameters: fit.hyperparameters, isNoiseFree: isNoiseFree, observations: total,
        searched: isSearch ? total : previous?.searched ?? total, origin: fit.origin)
    }
    guard noise == .auto, observations.knownNoiseVariances.allSatisfy({ $0 == nil }) else {
      let model = noiseModel(isNoiseFree: noise == .none)
      let fit = likelihood(model).fit(
        prior: prior(model), from: previous?.hyperparameters, settings: settings, using: &random)
      return record(fit, isNoiseFree: noise == .none)
    }

    let (noisy, noiseFree) = (noiseModel(isNoiseFree: false), noiseModel(isNoiseFree: true))
    // What was found to have no noise is asked again only when everything is.
    if let previous, previous.isNoiseFree, !isSearch {
      let fit = likelihood(noiseFree).fit(
        prior: prior(noiseFree), from: previous.hyperparameters, settings: settings, using: &random)
      return record(fit, isNoiseFree: true)
    }
    let learned = likelihood(noisy).fit(
      prior: prior(noisy), from: previous?.hyperparameters, settings: settings, using: &random)
    guard exp(learned.hyperparameters.logNoiseVariance) <= Self.noiseFreeCandidate, let value = learned.logPosterior
    else { return record(learned, isNoiseFree: false) }
    settings.severalStartsLimit = 0
    settings.startsFromSubset = false
    let fixed = likelihood(noiseFree).fit(
      prior: prior(noiseFree), from: learned.hyperparameters, settings: settings, using: &random)
    // The noise's own prior is left out: it is what the two accounts differ in.
    let noisePrior = prior(noisy).noiseVariance.logDensity(atLog: learned.hyperparameters.logNoiseVariance).value
    let isNoiseFree = (fixed.logPosterior ?? -.infinity) >= value - noisePrior - Self.noiseFreeMargin
    return isNoiseFree ? record(fixed, isNoiseFree: true) : record(learned, isNoiseFree: false)
  }

  // MARK: Parts

  private func process(_ record: FitRecord) throws(GaussianProcessError) -> GaussianProcess {
    let model = noiseModel(isNoiseFree: record.isNoiseFree)
    return try GaussianProcess(
      observations, kernel: kernel, hyperparameters: prior(model).clamped(record.hyperparameters), mean: mean,
      noise: model)
  }

  private func likelihood(_ model: NoiseModel) -> MarginalLikelihood {
    MarginalLikelihood(observations, kernel: kernel, mean: mean, noise: model)
  }

  private func prior(_ model: NoiseModel) -> HyperparameterPrior {
    form.prior(kernel.layout, noise: model)
  }

  private func noiseModel(isNoiseFree: Bool) -> NoiseModel {
    switch noise {
    case .none: .fixed(Self.noiseFreeVariance)
    case .fixed(let deviation): .fixed(SurrogateData.noiseVariance(deviation, scale: scale))
    case .auto: isNoiseFree ? .fixed(Self.noiseFreeVariance) : .learned(floor: 1e-6)
    }
  }
}
