import Bilevel
import Foundation
import Hone
import NumericalMethods

extension Cases {
  /// The same θ by Bayesian optimisation, which sees values alone, beside hypergradients, at 1, 2, 10 and 64 of them.
  func bayesian() throws {
    var digits = TabularProblem.Settings()
    (digits.penalty, digits.standardises, digits.divisor, digits.bias) = (.perFeature, false, 16, false)
    var each = TabularProblem.Settings()
    each.penalty = .perFeature
    let problems = [
      ("ridge", try TabularProblem(.ridge, of: try files.diabetes())),
      ("kernel-ridge", try TabularProblem(.kernelRidge, of: try files.diabetes())),
      ("ridge per feature", try TabularProblem(.ridge, of: try files.diabetes(), settings: each)),
      ("multinomial per feature", try TabularProblem(.multinomial, of: try files.digits(), settings: digits)),
    ]
    for (name, problem) in problems {
      let fold = problem.folds[0]
      let boxes = fold.lower.hyperparameters
      var settings = BilevelRunSettings()
      (settings.tuner, settings.certify, settings.maximumAnswers) = ("hypergradient", .off, 60)
      settings.options = name.hasPrefix("multinomial") ? ["eps": 1e-5] : [:]
      var best = Double.infinity
      var run = try BilevelRun([fold], settings: settings)
      var values: [JSONValue] = []
      while let step = try run.advance() {
        best = min(best, step.answer?.g ?? .infinity)
        values.append(.number(best))
      }
      write(
        "bo", ["problem": .string(name), "d": .integer(boxes.count), "tuner": "hypergradient", "best": .array(values)])
      for seed in 1...3 {
        let space = try SearchSpace(
          boxes.enumerated().map { index, box in
            Parameter("t\(index)", .float(FloatDomain(box.range.lowerBound, box.range.upperBound)))
          })
        let study = try StudyDefinition(
          "s", space: space, objectives: [Objective("loss", .minimise)],
          tuner: TunerChoice("bayesian", seed: StudySeed(seed)), noise: .none)
        var tuner = try TunerCatalog.standard.tuner(for: study)
        var (best, values): (Double, [JSONValue]) = (.infinity, [])
        for number in 1...(boxes.count > 20 ? 40 : 60) {
          guard let suggestion = try tuner.suggest(number..<(number + 1), seed: StudySeed(seed)).first else { break }
          let theta = boxes.indices.map { suggestion.parameters["t\($0)"]?.number ?? 0 }
          let solution = try run.refitted(fold.lower, at: theta, accuracy: 1e-6)
          let value = fold.upper.evaluate(at: solution.x, theta: theta).value
          tuner.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
          tuner.observe(TrialEvent(number, .completed(Measurement(["loss": value]))))
          best = min(best, value)
          values.append(.number(best))
        }
        write(
          "bo",
          [
            "problem": .string(name), "d": .integer(boxes.count), "tuner": "bayesian", "seed": .integer(seed),
            "best": .array(values),
          ])
      }
    }
  }
}
