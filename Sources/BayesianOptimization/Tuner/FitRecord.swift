import Foundation
import GaussianProcesses
import TuningModel

/// A fit of hyperparameters as the log of events holds it, from which the next fit starts.
struct FitRecord: Hashable, Sendable {
  /// The hyperparameters.
  var hyperparameters: Hyperparameters
  /// Whether the objective was found to have no noise.
  var isNoiseFree: Bool
  /// The number of observations that there were, those that the model could not take included.
  var observations: Int
  /// The number of observations when a fit last started from everywhere.
  var searched: Int
  /// Where the fit came from.
  var origin: FitOrigin

  /// Up to so many observations a fit is renewed with every new one.
  static let everyTimeLimit = 200

  /// Whether a fit to so many observations is needed.
  ///
  /// Up to `everyTimeLimit` every new one is taken in; beyond, a fit serves until there are 5 percent more.
  func isStale(for count: Int) -> Bool {
    if count <= Self.everyTimeLimit { return count != observations }
    return count < observations || Double(count) >= 1.05 * Double(observations)
  }

  /// Whether a fit to so many observations starts from everywhere rather than from this one alone.
  ///
  /// The peak of the posterior moves little with one observation; whether another is higher by now is looked at when
  /// there are a tenth more.
  func needsSearch(for count: Int) -> Bool { count < searched || Double(count) >= 1.1 * Double(searched) }

  /// Whether new observations were such a surprise that the fit is renewed before its time.
  ///
  /// - Parameters:
  ///   - densities: of each observation, in the order of their trials, the log density given those before it.
  /// - Returns: whether there are at least five new ones, less likely on average than the earlier ones by a nat.
  func isSurprised(by densities: [Double]) -> Bool {
    let added = densities.count - observations
    guard added >= 5, observations > 0 else { return false }
    let earlier = densities[..<observations].reduce(0, +) / Double(observations)
    return densities[observations...].reduce(0, +) / Double(added) < earlier - 1
  }

  /// The record as JSON, numbers in log space.
  var json: JSONValue {
    .object(omittingNil: [
      "log_lengthscales": .array(hyperparameters.logLengthscales.map(JSONValue.number)),
      "log_signal_variance": .number(hyperparameters.logSignalVariance),
      "log_noise_variance": .number(hyperparameters.logNoiseVariance),
      "log_warping_shapes": hyperparameters.logWarpingShapes.isEmpty
        ? nil : .array(hyperparameters.logWarpingShapes.map(JSONValue.number)),
      "noise_free": .bool(isNoiseFree),
      "observations": .integer(observations),
      "searched": .integer(searched),
      "start": .string(origin.rawValue),
    ])
  }

  init(
    hyperparameters: Hyperparameters, isNoiseFree: Bool, observations: Int, searched: Int, origin: FitOrigin
  ) {
    self.hyperparameters = hyperparameters
    self.isNoiseFree = isNoiseFree
    self.observations = observations
    self.searched = searched
    self.origin = origin
  }

  /// Reads a record; notes mistakes.
  init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let lengthscales = object.required("log_lengthscales")?.array()?.compactMap { $0.number() }
    let signal = object.required("log_signal_variance")?.number()
    let noise = object.required("log_noise_variance")?.number()
    let shapes = object.optional("log_warping_shapes")?.array()?.compactMap { $0.number() } ?? []
    let isNoiseFree = object.required("noise_free")?.bool()
    let observations = object.required("observations")?.integer(in: 0...Int.exactRange.upperBound)
    let searched = object.required("searched")?.integer(in: 0...Int.exactRange.upperBound)
    let originReader = object.required("start")
    let origin = originReader?.string().flatMap(FitOrigin.init(rawValue:))
    if origin == nil { originReader?.refuse("Is no start of a fit.") }
    object.finish()
    guard let lengthscales, let signal, let noise, let isNoiseFree, let observations, let searched, let origin
    else { return nil }
    self.init(
      hyperparameters: Hyperparameters(
        logLengthscales: lengthscales, logSignalVariance: signal, logNoiseVariance: noise,
        logWarpingShapes: shapes),
      isNoiseFree: isNoiseFree, observations: observations, searched: searched, origin: origin)
  }

  /// Reads the record in a suggestion's details, where there is one for so many dimensions.
  init?(details: JSONValue?, dimension: Int) {
    guard let fit = details?["fit"],
      let record = try? JSONReader.read(fit, { FitRecord(reading: $0) }),
      record.hyperparameters.logLengthscales.count == dimension
    else { return nil }
    self = record
  }
}
