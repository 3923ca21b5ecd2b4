import BayesianOptimization
import Tuners

extension TunerCatalog {
  /// The tuners that Hone comes with; a study that names none gets the first that supports it.
  public static var standard: TunerCatalog {
    TunerCatalog([
      BayesianTuner.self,
      QuasiRandomTuner.self,
      RandomTuner.self,
    ])
  }
}
