import Foundation
import GaussianProcesses
import NumericalMethods
public import TuningModel

extension BayesianTuner {
  /// What the surrogate believes of the noiseless objective at these points, in units of the metric.
  ///
  /// It is the surrogate that chooses points under the main warping, conditioned on what was measured alone: its fit starts
  /// from the last one in the log and is not renewed while that one serves.
  /// - Throws: `TunerError.noModelYet` while there are no two different values.
  /// - Complexity: n³/3 flops, some tens of times more where the fit is renewed, and n² for each point.
  public func predict(_ points: [Parameters], seed: StudySeed) throws(TunerError) -> Predictions? {
    guard let data = surrogateData(form.mainWarping) else {
      throw .noModelYet("A model needs results of at least two trials, with different values.")
    }
    let number = (history.entries.map(\.number).max() ?? 0) + 1
    var fitting = RandomStream(seed: seed, trial: number, purpose: .fitting)
    let model = try SurrogateModel(
      data, encoding: encoding, form: form, noise: noise, seed: seed, previous: fits[form.mainWarping], using: &fitting)
    let moments = Posterior(model.process).moments(at: encoding.inputs(points.map(encoding.encoding.encode)))
    let rule = GaussHermiteRule(count: Self.quadraturePoints)
    let predictions = zip(moments.means, moments.variances).map { mean, variance in
      // The model is normal in warped units; the metric's own mean and deviation are integrals over the way back.
      let (cost, deviation) = rule.moments(mean: mean, deviation: variance.squareRoot(), of: data.warped.unwarp)
      return Prediction(mean: objective.value(ofCost: cost), standardDeviation: deviation)
    }
    guard predictions.allSatisfy({ $0.mean.isFinite && $0.standardDeviation.isFinite }) else {
      throw .failed("The predictions are beyond the range of double precision.")
    }
    return Predictions(predictions, observations: data.targets.count)
  }

  /// Nodes of the integrals: the maps are smooth but for a kink or two.
  private static let quadraturePoints = 24
}
