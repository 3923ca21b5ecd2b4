import BayesianOptimization
import Bilevel
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
        PopulationBasedTuner.self,
        FixedScheduleTuner.self,
        HypergradientTuner.self,
        MAIDTuner.self,
        HOAGTuner.self,
        F2SATuner.self,
        BDATuner.self,
        PESTuner.self,
        ESSingleTuner.self,
        SelfTuningTuner.self,
      ],
      stoppingRules: [
        SuccessiveHalvingRule.self,
        MedianRule.self,
      ])
  }
}
