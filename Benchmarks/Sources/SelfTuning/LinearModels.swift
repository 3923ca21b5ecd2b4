import BestResponse
import Bilevel
import Foundation
import Hone
import NumericalMethods

/// Softmax regression on images whose penalties are tuned: by hypernetworks, by hypergradients, by looking at all.
struct LinearModels {
  let data: DataFiles
  let seeds: ClosedRange<UInt64>
  let write: ([String: JSONValue]) -> Void

  private static let classes = 10

  /// The same problem as the tuners of hypergradients see it: rows are examples, the last column is the bias.
  private struct Exact {
    let lower: MultinomialRegression
    let judges: [CrossEntropy]
    let pixels: Int

    init(_ parts: [LabelledExamples], perWeight: Bool) throws {
      func design(_ part: LabelledExamples) -> Matrix {
        part.inputs.appendingRows(Matrix(rows: 1, columns: part.count, repeating: 1)).transposed()
      }
      pixels = parts[0].inputs.rows
      lower = try MultinomialRegression(
        design: design(parts[0]), labels: parts[0].labels, classes: classes, penalty: perWeight ? .perWeight : .shared)
      judges = try parts.dropFirst().map {
        try CrossEntropy(design: design($0), labels: $0.labels, classes: LinearModels.classes)
      }
    }

    /// Numbers in the order of the dense layer, class after class within a pixel, in the order here.
    func reordered(_ numbers: [Double]) -> [Double] {
      (0..<LinearModels.classes).flatMap { c in (0...pixels).map { numbers[$0 * LinearModels.classes + c] } }
    }

    func losses(_ x: [Double], _ theta: [Double]) -> [Double] {
      judges.map { $0.evaluate(at: x, theta: theta).value }
    }

    /// Validation and test losses of weights trained to the end.
    func trained(_ theta: [Double], accuracy: Double) throws -> [Double] {
      let solution = try NewtonMethod(avoidsDirectSolutions: true)
        .solve(lower, theta: theta, accuracy: accuracy, from: nil)
      return losses(solution.x, theta)
    }
  }

  private func parts(rows: Int) throws -> [LabelledExamples] {
    [try data.part(0, atMost: rows, spread: true), try data.part(1), try data.part(2)]
  }

  private func line(_ way: String, _ losses: [Double], _ fields: [String: JSONValue]) {
    write(
      fields.merging([
        "case": "linear", "way": .string(way), "validation": .number(losses[0]), "test": .number(losses[1]),
      ]) { $1 })
  }

  /// A penalty for each weight, by the local hypernetwork of ten linear units.
  func local(rows: Int, start: Double, steps: Int, rate: Double, tuningRate: Double, batch: Int, every: Int) throws {
    let parts = try parts(rows: rows)
    let exact = try Exact(parts, perWeight: true)
    for seed in seeds {
      let problem = try PenalisedClassifier(
        training: parts[0], validation: parts[1], classes: Self.classes, penalty: .perWeight, batch: batch, seed: seed)
      var settings = HypernetworkTraining<PenalisedClassifier>.Settings(.local())
      settings.seed = seed
      settings.optimiser = .adam(rate: rate)
      settings.tuningOptimiser = .adam(rate: tuningRate)
      let d = problem.hyperparameterCount
      var run = try HypernetworkTraining(
        problem, Hypernetwork(hyperparameters: d, weights: problem.weightCount, hidden: [10], isLinear: true),
        start: [Double](repeating: start, count: d), settings: settings)
      let fields: [String: JSONValue] = [
        "d": .integer(d), "rows": .integer(parts[0].count), "seed": .integer(Int(seed)), "rate": .number(rate),
        "tuning_rate": .number(tuningRate), "batch": .integer(batch), "start": .number(start),
        "parameters": .integer(run.hypernetwork.network.parameterCount),
      ]
      var spent = 0.0
      while run.state.tuningStep < steps {
        let before = processorSeconds()
        for _ in 0..<2 * min(every, steps - run.state.tuningStep) { try run.advance() }
        spent += processorSeconds() - before
        let theta = exact.reordered(run.state.lambda)
        var now = fields
        now["steps"] = .integer(run.state.step)
        now["s"] = .number(spent)
        line("local", exact.losses(exact.reordered(run.weights(at: run.state.lambda)), theta), now)
        let tenth = run.state.tuningStep * 10 / steps
        guard run.state.tuningStep >= steps || tenth != (run.state.tuningStep - every) * 10 / steps else { continue }
        line("local_trained", try exact.trained(theta, accuracy: 1e-2), now)
      }
    }
  }

  /// The same penalties by the tuners that follow hypergradients; steps are gradients of the training loss on all rows.
  func hypergradients(rows: Int, start: Double, answers: Int, tuners: [String]) throws {
    let parts = try parts(rows: rows)
    let exact = try Exact(parts, perWeight: true)
    for tuner in tuners {
      var settings = BilevelRunSettings()
      settings.tuner = tuner
      settings.certify = .off
      settings.method = .newtonCG
      settings.start = [Double](repeating: start, count: exact.lower.hyperparameters.count)
      settings.maximumAnswers = answers
      if tuner == "hypergradient" { settings.options = ["eps": 1e-2] }
      var run = try BilevelRun([BilevelProblem(exact.lower, judgedBy: exact.judges[0])], settings: settings)
      var spent = 0.0
      while true {
        let before = processorSeconds()
        let step = try run.advance()
        spent += processorSeconds() - before
        guard let step else { break }
        guard step.request.kind == .hypergradient else { continue }
        line(
          tuner, try exact.trained(step.theta, accuracy: 1e-2),
          [
            "d": .integer(step.theta.count), "rows": .integer(parts[0].count), "start": .number(start),
            "answers": .integer(run.answers), "steps": .integer(step.totalCost.gradients),
            "products": .integer(step.totalCost.hessianProducts), "s": .number(spent),
          ])
      }
    }
  }

  /// One penalty: the loss that the global hypernetwork has learned, beside that of trained weights on a grid.
  func global(rows: Int, hidden: Int, steps: Int, rate: Double, tuningSteps: Int) throws {
    let parts = try parts(rows: rows)
    let exact = try Exact(parts, perWeight: false)
    let grid = Array(stride(from: -4.5, through: 4.5, by: 0.5))
    let truth = try grid.map { try exact.trained([$0], accuracy: 1e-6) }
    for seed in seeds {
      let problem = try PenalisedClassifier(
        training: parts[0], validation: parts[1], classes: Self.classes, batch: parts[1].count, seed: seed)
      var settings = HypernetworkTraining<PenalisedClassifier>.Settings(.global(steps: steps))
      settings.seed = seed
      settings.optimiser = .adam(rate: rate)
      settings.tuningOptimiser = .adam(rate: 0.05)
      var run = try HypernetworkTraining(
        problem, Hypernetwork(hyperparameters: 1, weights: problem.weightCount, hidden: [hidden]), start: [0],
        settings: settings)
      let start = processorSeconds()
      while run.state.step < steps { try run.advance() }
      let learned = processorSeconds() - start
      let curve = grid.map { exact.losses(exact.reordered(run.weights(at: [$0])), [$0]) }
      while run.state.tuningStep < tuningSteps { try run.advance() }
      let chosen = run.state.lambda[0]
      let after = try exact.trained([chosen], accuracy: 1e-6)
      line(
        "global", after,
        [
          "d": 1, "rows": .integer(parts[0].count), "seed": .integer(Int(seed)), "hidden": .integer(hidden),
          "parameters": .integer(run.hypernetwork.network.parameterCount), "rate": .number(rate),
          "steps": .integer(steps), "tuning_steps": .integer(tuningSteps), "s": .number(learned),
          "lambda": .number(chosen), "grid": .array(grid.map(JSONValue.number)),
          "true_validation": .array(truth.map { .number($0[0]) }),
          "learned_validation": .array(curve.map { .number($0[0]) }),
          "true_test": .array(truth.map { .number($0[1]) }), "learned_test": .array(curve.map { .number($0[1]) }),
        ])
    }
  }
}
