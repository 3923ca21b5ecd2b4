import BayesianOptimization
import StoppingRules
import Tuners

extension TunerCatalog {
  /// The tuners and stopping rules that Hone comes with; a study that names none gets the first that supports it.
  public static var standard: TunerCatalog {
    TunerCatalog(
      [
        BayesianTuner.self,
        QuasiRandomTuner.self,
        RandomTuner.self,
      ],
      stoppingRules: [
        SuccessiveHalvingRule.self,
        MedianRule.self,
      ])
  }
}
