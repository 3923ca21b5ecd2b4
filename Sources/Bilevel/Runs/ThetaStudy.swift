public import TuningModel

/// The hyperparameters of a problem as a study, so that the tuners which serve remote studies serve a run too.
///
/// The coordinates are those of θ, on a linear scale: neighbours with the same box are one vector parameter.
struct ThetaStudy: Sendable {
  let definition: StudyDefinition
  private let names: [String]

  /// - Throws: `InvalidInput` where the coordinates make no space.
  init(
    _ hyperparameters: [Hyperparameter], start: [Double], tuner: String, seed: UInt64, options: [String: JSONValue]
  ) throws(InvalidInput) {
    var parameters: [Parameter] = []
    var first = 0
    while first < hyperparameters.count {
      let range = hyperparameters[first].range
      let end = hyperparameters[first...].firstIndex { $0.range != range } ?? hyperparameters.count
      let values = start[first..<end].map { min(max($0, range.lowerBound), range.upperBound) }
      parameters.append(
        Parameter(
          "theta_\(parameters.count)",
          .float(FloatDomain(range.lowerBound, range.upperBound, size: end - first)), default: .vector(values)))
      first = end
    }
    names = parameters.map(\.name)
    definition = try StudyDefinition(
      "bilevel", space: SearchSpace(parameters), objectives: [Objective("loss", .minimise)],
      tuner: TunerChoice(tuner, seed: seed, options: options))
  }

  /// θ of a trial's parameters.
  func theta(_ parameters: Parameters) -> [Double] {
    names.flatMap { name -> [Double] in if case .vector(let values)? = parameters[name] { values } else { [] } }
  }
}

extension TunerCatalog {
  /// The tuners that follow what oracles tell.
  public static var bilevel: TunerCatalog {
    TunerCatalog([
      HypergradientTuner.self, MAIDTuner.self, HOAGTuner.self, F2SATuner.self, BDATuner.self, PESTuner.self,
      ESSingleTuner.self,
    ])
  }
}
