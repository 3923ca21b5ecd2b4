import Bilevel
import Foundation
import NumericalMethods
import TuningModel

/// One problem of the table of all tuners.
struct TableProblem {
  var name: String
  var folds: [BilevelProblem]
  /// What trains, and what judges the true objective.
  var method: InnerMethod
  var exact: any InnerSolver
  /// Gaps are divided by this, so that they are those of the loss as it is reported.
  var scale = 1.0
  /// Gradients of the lower level that a tuner may spend.
  var budget = 20_000
  /// Products with the Hessian that a tuner may spend.
  var products: Int?
  /// Of how many points one is judged, of methods that take a step with every answer.
  var every = 1
  /// The least value that is known; found by L-BFGS where it is not.
  var least: Double?
  /// Evaluations of Bayesian optimisation; none where there are too many dimensions for it.
  var evaluations = 60
  /// Whether methods with perturbations and steps of their own are tried at several lengths.
  var triesRates = true

  func value(_ theta: [Double]) -> Double {
    var sum = 0.0
    for fold in folds {
      guard let x = try? exact.solve(fold.lower, theta: theta, accuracy: 1e-8, from: nil).x else { return .nan }
      sum += fold.upper.evaluate(at: x, theta: theta).value / Double(folds.count)
    }
    return sum / scale
  }
}

/// All tuners on all problems, and Bayesian optimisation of the same hyperparameters.
extension Cases {
  func table(_ names: [String], optimizer: String?, only: String?) throws {
    for name in names {
      var problem = try tableProblem(name)
      if problem.least == nil {
        var exactly = BilevelRunSettings()
        (exactly.tuner, exactly.certify) = ("hypergradient", .off)
        exactly.options = ["tolerance": 1e-9, "value_tolerance": 1e-15, "eps": 1e-9, "max_steps": 100]
        exactly.method = problem.method == .fista || problem.method == .lbfgs ? .auto : problem.method
        var run = try BilevelRun(problem.folds, settings: exactly)
        try run.finish()
        problem.least = problem.value(run.theta)
        write(
          "table-least",
          ["problem": .string(name), "d": .integer(run.theta.count), "least": .number(problem.least ?? .nan)])
      }
      if let optimizer, problem.evaluations > 0 { try bayesian(on: problem, optimizer) }
      try tuners(on: problem, ways(problem).filter { only == nil || $0.0 == only })
    }
  }

  private func ways(_ problem: TableProblem) -> [(String, [String: JSONValue])] {
    var ways: [(String, [String: JSONValue])] = [
      ("hypergradient", [:]), ("hypergradient", ["eps": 1e-4]), ("maid", [:]), ("maid", ["certify": "off"]),
      ("hoag", ["max_steps": 300]), ("hoag", ["accuracy": "quadratic", "max_steps": 300]),
    ]
    for rate in problem.triesRates ? [0.01, 0.05, 0.2] : [0.05] {
      for name in ["bda", "pes", "es_single"] { ways.append((name, ["rate": .number(rate), "max_steps": 100_000])) }
    }
    for ratio in problem.triesRates ? [1.0, 10, 100] : [10] {
      ways.append(
        (
          "f2sa",
          ["ratio": .number(ratio), "gamma": 1, "lambda": 10, "growth": 1, "noise": "none", "max_steps": 100_000]
        ))
    }
    return ways
  }

  /// `maid` with other constants than its own.
  func constants(_ names: [String]) throws {
    for name in names {
      let problem = try tableProblem(name)
      var exactly = BilevelRunSettings()
      (exactly.tuner, exactly.certify) = ("hypergradient", .off)
      exactly.options = ["tolerance": 1e-9, "value_tolerance": 1e-15, "eps": 1e-9, "max_steps": 100]
      var run = try BilevelRun(problem.folds, settings: exactly)
      try run.finish()
      var known = problem
      known.least = problem.least ?? problem.value(run.theta)
      var ways: [(String, [String: JSONValue])] = []
      for accuracy in [(0.5, 1.05), (0.25, 1.05), (0.5, 1.25), (0.25, 1.25), (0.1, 1.5)] {
        for rest in [["fuse_gradient": false], [:], ["tries": 6], ["eps": 1], ["eps": 0.01]] as [[String: JSONValue]] {
          let options: [String: JSONValue] = [
            "shrink_accuracy": .number(accuracy.0), "grow_accuracy": .number(accuracy.1), "certify": "off",
          ]
          ways.append(("maid", options.merging(rest) { $1 }))
        }
      }
      try tuners(on: known, ways)
    }
  }

  private func tuners(on problem: TableProblem, _ ways: [(String, [String: JSONValue])]) throws {
    for (name, options) in ways {
      var one = BilevelRunSettings()
      (one.tuner, one.options, one.method) = (name, options, problem.method)
      if options["certify"] == "off" { one.certify = .off }
      one.maximumInnerSteps = problem.budget
      one.maximumHessianProducts = problem.products
      one.maximumAnswers = 5_000
      var fields: [String: JSONValue] = [
        "problem": .string(problem.name), "tuner": .string(name), "options": .object(options),
        "d": .integer(problem.folds[0].lower.hyperparameters.count),
      ]
      do {
        let way = try Way(
          problem.folds, one, least: problem.least ?? 0, every: problem.every, value: { problem.value($0) })
        fields.merge(way.json) { $1 }
      } catch {
        fields["refused"] = .string("\(error)")
      }
      write("table", fields)
    }
  }

  private func bayesian(on problem: TableProblem, _ path: String) throws {
    let boxes = problem.folds[0].lower.hyperparameters
    let solver: any InnerSolver =
      switch problem.method {
      case .fista: AcceleratedGradient()
      case .lbfgs: QuasiNewtonMethod()
      default: problem.exact
      }
    for seed in 1...3 {
      let optimizer = try Optimizer(path)
      try optimizer.open(boxes.map { ($0.range, $0.start) }, seed: seed)
      var way = Way(least: problem.least ?? 0)
      let start = ContinuousClock.now
      for _ in 0..<problem.evaluations where way.best > 1e-4 {
        let (number, theta) = try optimizer.ask(boxes.count)
        var loss = 0.0
        for fold in problem.folds {
          let solution = try solver.solve(fold.lower, theta: theta, accuracy: 1e-6, from: nil)
          way.total += solution.cost
          loss += fold.upper.evaluate(at: solution.x, theta: theta).value / Double(problem.folds.count)
        }
        way.answers += 1
        way.note(loss / problem.scale, at: way.total, answers: way.answers)
        try optimizer.tell(number, loss / problem.scale)
      }
      let taken = ContinuousClock.now - start
      way.seconds = Double(taken.components.seconds)
      write(
        "table",
        way.json.merging([
          "problem": .string(problem.name), "tuner": "bayesian", "seed": .integer(seed), "d": .integer(boxes.count),
          "evaluations": .integer(way.answers),
        ]) { $1 })
    }
  }

  private func tableProblem(_ name: String) throws -> TableProblem {
    switch name {
    case "t1":
      let (clean, noisy) = try files.signals()
      let strength = Hyperparameter("strength", .log10, range: -7...7, start: 0)
      let folds = try (0..<10).map { i in
        BilevelProblem(
          try TotalVariation(
            observed: Array(noisy[256 * i..<256 * (i + 1)]), .line(length: 256, startsAtZero: true),
            strength: .tuned(strength)),
          judgedBy: try SquaredDistance(target: Array(clean[256 * i..<256 * (i + 1)])))
      }
      // The objective is the sum over signals, a run's the mean.
      return TableProblem(
        name: name, folds: folds, method: .fista, exact: NewtonMethod(), scale: 0.1, budget: 400_000, every: 10)
    case "t1-3":
      let folds = try threeCoefficients()
      return TableProblem(
        name: name, folds: folds, method: .fista, exact: NewtonMethod(), scale: 0.05, budget: 600_000, every: 10)
    case "t2":
      return TableProblem(
        name: name, folds: [try cancerProblem()], method: .lbfgs, exact: NewtonMethod(), least: 15.83564665307679)
    case "t3-1", "t3-10", "t4":
      var made = TabularProblem.Settings()
      made.penalty = name == "t3-10" ? .perFeature : .shared
      let problem = try TabularProblem(name == "t4" ? .kernelRidge : .ridge, of: try files.diabetes(), settings: made)
      return TableProblem(name: name, folds: problem.folds, method: .direct, exact: DirectMethod())
    case "t5-1", "t5-64":
      var made = TabularProblem.Settings()
      made.penalty = name == "t5-64" ? .perFeature : .shared
      (made.standardises, made.divisor, made.bias) = (false, 16, false)
      let problem = try TabularProblem(.multinomial, of: try files.digits(), settings: made)
      return TableProblem(
        name: name, folds: problem.folds, method: .newtonCG, exact: NewtonMethod(avoidsDirectSolutions: true),
        every: name == "t5-64" ? 20 : 2,
        // The least that is known: of 300 steps of L-BFGS with gradients to 1e-9.
        least: name == "t5-64" ? 0.0606353824612797 : nil, evaluations: name == "t5-64" ? 100 : 60,
        triesRates: name != "t5-64")
    case "t6", "t7":
      guard name == "t6" || images != nil else { throw CocoaError(.fileNoSuchFile) }
      let data = name == "t6" ? try files.digits() : try files.images(images ?? "")
      var made = TabularProblem.Settings()
      (made.standardises, made.divisor, made.bias) = (false, name == "t6" ? 16 : 255, name == "t7")
      let problem = try TabularProblem(.hyperCleaning, of: data.withNoise().data, settings: made)
      return TableProblem(
        name: name, folds: problem.folds, method: .newtonCG, exact: NewtonMethod(avoidsDirectSolutions: true),
        scale: problem.lossScale, budget: name == "t6" ? 20_000 : 5_000, products: name == "t6" ? nil : 31_000,
        every: name == "t6" ? 2 : 10,
        // The least that is known: of 100 steps of L-BFGS with gradients to 1e-9.
        least: name == "t6" ? nil : 0.292021479726482, evaluations: 0, triesRates: name == "t6")
    case "t8":
      let (problem, least) = try quadraticProblem(10)
      return TableProblem(
        name: name, folds: [problem], method: .fista, exact: DirectMethod(), budget: 50_000, least: least)
    default: throw CocoaError(.fileNoSuchFile)
    }
  }

  /// Strength, smoothing and shrinkage of total variation of twenty signals, each a fold; the term is 10⁻⁶(L/μ)².
  func threeCoefficients() throws -> [BilevelProblem] {
    guard let signals else { throw CocoaError(.fileNoSuchFile) }
    let json = try JSONValue(text: try Data(contentsOf: URL(fileURLWithPath: signals)))
    func rows(_ name: String) -> [[Double]] {
      guard case .array(let rows)? = json[name] else { return [] }
      return rows.map { row in
        guard case .array(let values) = row else { return [] }
        return values.compactMap { if case .number(let value) = $0 { value } else { nil } }
      }
    }
    let (clean, noisy) = (rows("clean"), rows("noisy"))
    let count = Double(clean.count)
    return try zip(clean, noisy).map { target, observed in
      let lower = try TotalVariation(
        observed: observed, .line(length: 256, startsAtZero: true),
        strength: .tuned(Hyperparameter("strength", .log10, range: -7...7, start: 0)),
        smoothing: .tuned(Hyperparameter("smoothing", .log10, range: -7...0, start: -1)),
        shrinkage: .tuned(Hyperparameter("shrinkage", .log10, range: -7...0, start: -1)))
      let upper = RegularisedLoss(try SquaredDistance(target: target)) { theta in
        let (alpha, nu, xi) = (pow(10, theta[0]), pow(10, theta[1]), pow(10, theta[2]))
        let excess = 4 * alpha / (nu * (1 + xi))
        let slope = 2e-6 * (1 + excess) * excess * log(10) / count
        return (1e-6 * (1 + excess) * (1 + excess) / count, [slope, -slope, -slope * xi / (1 + xi)])
      }
      return BilevelProblem(lower, judgedBy: upper)
    }
  }

  /// Three coefficients of twenty signals beside the published runs.
  func threeOfVariation() throws {
    let folds = try threeCoefficients()
    let problem = TableProblem(
      name: "t1-3", folds: folds, method: .fista, exact: NewtonMethod(), scale: 1 / Double(folds.count))
    for (name, options) in [
      ("maid", ["eps": 0.05, "alpha": 0.1]), ("maid", ["eps": 0.1, "alpha": 0.1]), ("maid", ["eps": 0.1]),
      ("maid", ["eps": 0.2, "alpha": 0.3]), ("maid", ["eps": 0.02, "alpha": 0.3]), ("hoag", [:]),
      ("hoag", ["accuracy": "quadratic"]), ("hypergradient", ["eps": 1e-2]), ("hypergradient", ["eps": 1e-3]),
    ] as [(String, [String: JSONValue])] {
      var one = BilevelRunSettings()
      (one.tuner, one.certify, one.method, one.options) = (name, .off, .fista, options)
      if name == "maid" {
        one.options.merge(["shrink_accuracy": 0.25, "grow_accuracy": 1.25, "tries": 3, "tolerance": 1e-9]) { $1 }
      }
      one.maximumInnerSteps = 500_000
      // Gaps from the published value, so that 0 is the bar.
      let way = try Way(
        folds, one, least: 2.88064, limits: [0, -0.02, -0.0375], until: -.infinity, value: { problem.value($0) })
      write("t1-3", way.json.merging(["tuner": .string(name), "options": .object(options)]) { $1 })
    }
  }
}
