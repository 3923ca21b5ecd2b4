import NumericalMethods
import TuningModel

extension BayesianTuner {
  /// What the last bits of a suggestion depend on beside the log: the same numerics compute the same.
  static let numerics: JSONValue = [
    "hone": .string(HoneVersion.current), "openblas": .string(BLASIdentity.current.version),
    "core": .string(BLASIdentity.current.core),
  ]
}
