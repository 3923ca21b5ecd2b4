import BestResponse
import Foundation
import Hone

/// A network with what is tuned of it, and the examples that train, validate and test it.
struct NetworkProblem {
  var name: String
  var input: ImageShape
  var layers: [LayerDescription]
  var hyperparameters: [TunedHyperparameter]
  /// The same for tuners that are given trials.
  var parameters: [Parameter]
  var weightDecays: [WeightDecay] = []
  var labelSmoothing: Setting?
  /// The settings that were chosen, by the names that `--option` has.
  var defaults: [String: Double] = [:]
  var training, validation, test: LabelledExamples

  /// A perceptron of 64–64–64–10 units on digits, with a dropout before each layer.
  ///
  /// - Parameter known: the first dropouts where they are not tuned.
  static func digits(rows: Int, known: [Double] = []) throws -> NetworkProblem {
    let data = try DataFiles.digits()
    let settings = (0..<3).map { $0 < known.count ? Setting.fixed(known[$0]) : .tuned($0 - known.count) }
    let names = (known.count..<3).map { "dropout_\($0)" }
    return NetworkProblem(
      name: known.isEmpty ? "digits" : "digits_\(names.count)", input: data.input,
      layers: [
        .dropout(settings[0]), .dense(64), .relu, .dropout(settings[1]), .dense(64), .relu, .dropout(settings[2]),
        .dense(10),
      ],
      hyperparameters: names.map { TunedHyperparameter($0, .interval(low: 0, high: 0.9), start: 0.05) },
      parameters: names.map { Parameter($0, .float(FloatDomain(0, 0.9))) },
      training: try data.part(0, atMost: rows), validation: try data.part(1), test: try data.part(2))
  }

  /// A convolutional network on images of 14 × 14 pixels, with twelve hyperparameters.
  static func images(_ path: String, rows: Int) throws -> NetworkProblem {
    let data = try DataFiles.images(path).halved()
    var (tuned, parameters): ([TunedHyperparameter], [Parameter]) = ([], [])
    func interval(_ name: String, _ high: Double, _ start: Double) {
      tuned.append(TunedHyperparameter(name, .interval(low: 0, high: high), start: start))
      parameters.append(Parameter(name, .float(FloatDomain(0, high))))
    }
    func whole(_ name: String, _ high: Int, _ start: Double) {
      tuned.append(TunedHyperparameter(name, .whole(low: 0, high: high), start: start))
      parameters.append(Parameter(name, .int(IntDomain(0, high))))
    }
    interval("noise", 0.5, 0.03)
    whole("holes", 3, 0)
    whole("length", 6, 0)
    for name in ["pixels", "first", "second", "dense"] { interval("dropout_\(name)", 0.9, 0.05) }
    for name in ["first", "second", "dense", "last"] {
      tuned.append(TunedHyperparameter("decay_\(name)", .interval(low: 0, high: 0.02), start: 0.001))
      parameters.append(Parameter("decay_\(name)", .float(FloatDomain(1e-6, 0.02, scale: .log))))
    }
    interval("smoothing", 0.5, 0.03)
    return NetworkProblem(
      name: "images", input: data.input,
      layers: [
        .inputNoise(.tuned(0)), .cutout(holes: .tuned(1), length: .tuned(2)), .dropout(.tuned(3)),
        .convolution(channels: 8, kernel: 3, padding: 1), .relu, .maxPooling(2), .dropout(.tuned(4)),
        .convolution(channels: 16, kernel: 3, padding: 1), .relu, .maxPooling(2), .dropout(.tuned(5)),
        .dense(64), .relu, .dropout(.tuned(6)), .dense(10),
      ],
      hyperparameters: tuned, parameters: parameters,
      weightDecays: zip([3, 7, 11, 14], 7...).map { WeightDecay(layer: $0, rate: .tuned($1)) },
      labelSmoothing: .tuned(11), training: try data.part(0, atMost: rows, spread: true),
      validation: try data.part(1), test: try data.part(2))
  }

  /// The settings of a training.
  ///
  /// - Parameter start: the hyperparameters to begin with; nil for those of the problem.
  func settings(
    _ method: SelfTuningSettings.Method, seed: UInt64, _ options: [String: Double], start: [Double]? = nil
  ) -> SelfTuningSettings {
    let options = defaults.merging(options) { $1 }
    var settings = SelfTuningSettings(hyperparameters: hyperparameters)
    for (k, value) in (start ?? []).enumerated() { settings.hyperparameters[k].start = value }
    settings.method = method
    settings.seed = seed
    settings.weightDecays = weightDecays
    settings.labelSmoothing = labelSmoothing
    settings.batch = Int(options["batch"] ?? 64)
    settings.optimiser = .momentum(rate: options["rate"] ?? 0.05)
    settings.responseOptimiser = .momentum(rate: options["response_rate"] ?? 0.05)
    settings.tuningOptimiser = .adam(rate: options["tuning_rate"] ?? 0.01)
    settings.deviation = options["deviation"] ?? 0.5
    settings.entropyWeight = options["tau"] ?? 1e-3
    settings.validationBatch = Int(options["validation_batch"] ?? 64)
    settings.gradientLimit = options["clip"] ?? settings.gradientLimit
    settings.warmUp = Int(options["warm_up"] ?? 0)
    settings.trainingSteps = Int(options["train"] ?? 2)
    settings.validationSteps = Int(options["valid"] ?? 1)
    return settings
  }

  func training(_ settings: SelfTuningSettings) throws -> SelfTuningTraining {
    try SelfTuningTraining(
      input: input, layers: layers, settings: settings, training: training, validation: validation)
  }
}
