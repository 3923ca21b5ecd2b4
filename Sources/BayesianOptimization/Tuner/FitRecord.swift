import GaussianProcesses
import TuningModel

/// A fit of hyperparameters as the log of events holds it, from which the next fit starts.
struct FitRecord: Hashable, Sendable {
  /// The hyperparameters.
  var hyperparameters: Hyperparameters
  /// The number of observations that they were fitted to.
  var observations: Int
  /// Where the fit came from.
  var origin: FitOrigin

  /// Up to so many observations a fit is renewed with every new one, from all starts.
  static let everyTimeLimit = 200

  /// Whether a fit to so many observations is needed.
  ///
  /// Up to `everyTimeLimit` every new one is taken in; beyond, a fit serves until there are 5 percent more.
  func isStale(for count: Int) -> Bool {
    if count <= Self.everyTimeLimit { return count != observations }
    return count < observations || Double(count) >= 1.05 * Double(observations)
  }

  /// The record as JSON, numbers in log space.
  var json: JSONValue {
    [
      "log_lengthscales": .array(hyperparameters.logLengthscales.map(JSONValue.number)),
      "log_signal_variance": .number(hyperparameters.logSignalVariance),
      "log_noise_variance": .number(hyperparameters.logNoiseVariance),
      "observations": .integer(observations),
      "start": .string(origin.rawValue),
    ]
  }

  init(hyperparameters: Hyperparameters, observations: Int, origin: FitOrigin) {
    self.hyperparameters = hyperparameters
    self.observations = observations
    self.origin = origin
  }

  /// Reads a record; notes mistakes.
  init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let lengthscales = object.required("log_lengthscales")?.array()?.compactMap { $0.number() }
    let signal = object.required("log_signal_variance")?.number()
    let noise = object.required("log_noise_variance")?.number()
    let observations = object.required("observations")?.integer(in: 0...Int.exactRange.upperBound)
    let originReader = object.required("start")
    let origin = originReader?.string().flatMap(FitOrigin.init(rawValue:))
    if origin == nil { originReader?.refuse("Is no start of a fit.") }
    object.finish()
    guard let lengthscales, let signal, let noise, let observations, let origin else { return nil }
    self.init(
      hyperparameters: Hyperparameters(
        logLengthscales: lengthscales, logSignalVariance: signal, logNoiseVariance: noise),
      observations: observations, origin: origin)
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
