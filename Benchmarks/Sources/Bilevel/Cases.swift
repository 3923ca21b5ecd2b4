import Bilevel
import Foundation
import NumericalMethods
import TuningModel

/// The measurements, by name; each writes a line of JSON for every run.
struct Cases {
  let files: DataFiles
  let images: String?
  let picture: String?
  let signals: String?
  let write: (String, [String: JSONValue]) -> Void

  private func settings(_ tuner: String, _ options: [String: JSONValue] = [:]) -> BilevelRunSettings {
    var settings = BilevelRunSettings()
    settings.tuner = tuner
    settings.options = options
    return settings
  }

  private func exact(_ problem: BilevelProblem, _ inner: any InnerSolver, accuracy: Double) -> ([Double]) -> Double {
    { theta in
      guard let x = try? inner.solve(problem.lower, theta: theta, accuracy: accuracy, from: nil).x else { return .nan }
      return problem.upper.evaluate(at: x, theta: theta).value
    }
  }

  /// One signal weight of one-dimensional total variation, by accelerated gradients.
  func variation() throws {
    let (clean, noisy) = try files.signals()
    let strength = Hyperparameter("strength", .log10, range: -7...7, start: 0)
    let problem = BilevelProblem(
      try TotalVariation(observed: noisy, .line(length: 256, startsAtZero: true), strength: .tuned(strength)),
      judgedBy: try SquaredDistance(target: clean))
    let least = 1.3714888337321078
    let value = exact(problem, NewtonMethod(), accuracy: 1e-10)
    var exactly = settings("hypergradient", ["tolerance": 1e-9, "value_tolerance": 0, "eps": 1e-11])
    exactly.method = .newtonCG
    var run = try BilevelRun([problem], settings: exactly)
    try run.finish()
    write(
      "t1-least",
      [
        "f": .number(value(run.theta)), "theta": .number(run.theta[0]),
        "error": .number(value(run.theta) - 1.3714888338),
      ])
    for eps in [0.05, 0.1, 0.2] {
      for alpha in [0.1, 0.3] {
        var adaptive = settings(
          "maid",
          [
            "eps": .number(eps), "alpha": .number(alpha), "shrink_accuracy": 0.25, "grow_accuracy": 1.25, "tries": 3,
            "tolerance": 1e-9,
          ])
        (adaptive.certify, adaptive.method) = (.off, .fista)
        adaptive.maximumInnerSteps = 400_000
        let way = try Way([problem], adaptive, least: least, until: 1e-5, value: value)
        write("t1-maid", way.json.merging(["eps": .number(eps), "alpha": .number(alpha), "signals": 10]) { $1 })
      }
    }
    for accuracy in ["exponential", "quadratic", "cubic"] {
      var hoag = settings("hoag", ["accuracy": .string(accuracy), "max_steps": 60])
      hoag.method = .fista
      hoag.maximumInnerSteps = 400_000
      write(
        "t1-hoag",
        try Way([problem], hoag, least: least, until: 1e-5, value: value).json.merging([
          "accuracy": .string(accuracy), "signals": 10,
        ]) { $1 })
    }
  }

  func cancerProblem() throws -> BilevelProblem {
    let data = try files.cancer()
    let (folds, _) = try RowSplit.mod3.parts(of: data.rows.count, seed: 1)
    func design(_ chosen: [Int]) -> Matrix {
      var matrix = Matrix(rows: chosen.count, columns: 31, repeating: 1)
      for j in 0..<30 {
        let training = folds[0].training.map { data.rows[$0][j] }
        let mean = training.reduce(0, +) / Double(training.count)
        let deviation = (training.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(training.count)).squareRoot()
        matrix.setColumn(j, to: chosen.map { (data.rows[$0][j] - mean) / deviation })
      }
      return matrix
    }
    let (training, validation) = (folds[0].training, folds[0].validation)
    let lower = try LogisticRegression(
      design: design(training), labels: training.map { 2 * data.targets[$0] - 1 }, scale: .sum)
    let upper = try LogisticLoss(
      design: design(validation), labels: validation.map { 2 * data.targets[$0] - 1 }, scale: .sum)
    return BilevelProblem(lower, judgedBy: upper)
  }

  /// One penalty of logistic regression, all tuners.
  func cancer() throws {
    let problem = try cancerProblem()
    let value = exact(problem, NewtonMethod(), accuracy: 1e-11)
    let least = 15.83564665307679
    for (name, options) in [
      ("maid", [:]), ("maid", ["shrink_accuracy": 0.25, "grow_accuracy": 1.25]),
      ("maid", ["shrink_accuracy": 0.1, "grow_accuracy": 1.5]), ("maid", ["eps": 1]), ("maid", ["eps": 0.01]),
      ("maid", ["eps": 0.001]), ("maid", ["certify": "off"]), ("hypergradient", [:]),
      ("hoag", ["accuracy": "exponential"]),
      ("hoag", ["accuracy": "quadratic"]), ("hoag", ["accuracy": "cubic"]), ("f2sa", ["alpha": 0.01, "gamma": 1]),
      ("bda", ["rate": 0.05]), ("pes", ["rate": 0.05]), ("es_single", ["rate": 0.05]),
    ] as [(String, [String: JSONValue])] {
      var one = settings(name, options)
      one.method = .lbfgs
      if options["certify"] == "off" { one.certify = .off }
      one.maximumInnerSteps = 100_000
      let way = try Way([problem], one, least: least, value: value)
      write("t2", way.json.merging(["tuner": .string(name), "options": .object(options)]) { $1 })
    }
  }

  /// The quadratic of the paper over condition numbers: adaptive and fixed accuracies, all tuners at one of them.
  func quadratic() throws {
    for condition in [2.0, 5, 10, 20, 30] {
      let (problem, least) = try quadraticProblem(condition)
      let value = exact(problem, DirectMethod(), accuracy: 0)
      var ways: [(String, [String: JSONValue])] = [
        ("maid", [:]), ("maid", ["certify": "off"]), ("maid", ["eps": 1e-4, "floor": 1e-4, "certify": "off"]),
        ("maid", ["eps": 1e-6, "floor": 1e-6, "certify": "off"]), ("hoag", [:]),
      ]
      if condition == 10 {
        ways += [
          ("hypergradient", [:]), ("f2sa", ["gamma": 1]), ("bda", ["rate": 0.02]), ("pes", ["rate": 0.02]),
          ("es_single", ["rate": 0.02]),
        ]
      }
      for (name, options) in ways {
        var one = settings(name, options)
        one.method = .fista
        if options["certify"] == "off" { one.certify = .off }
        one.maximumInnerSteps = 200_000
        let way = try Way([problem], one, least: least, value: value)
        write(
          "t8",
          way.json.merging([
            "tuner": .string(name), "options": .object(options), "condition": .number(condition),
          ]) { $1 })
      }
    }
  }

  /// min ‖A₂x − b₂‖²/2 with x = argmin ‖A₁x + Bθ − b₁‖²/2, where A₁ᵀA₁ has eigenvalues from 1 to κ.
  func quadraticProblem(_ condition: Double) throws -> (BilevelProblem, Double) {
    let (n, p, d) = (80, 20, 4)
    var random = RandomStream(seed: 7, trial: Int(condition), purpose: .design)
    func draw(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in Double.random(in: 0...1, using: &random) })
    }
    // Columns are made orthonormal, then scaled.
    var columns: [[Double]] = []
    let raw = draw(n, p)
    for j in 0..<p {
      var column = raw.column(j)
      for _ in 0..<2 { for other in columns { axpy(-dot(column, other), other, into: &column) } }
      let length = euclideanNorm(column)
      columns.append(column.map { $0 / length })
    }
    var design = Matrix(rows: n, columns: p)
    for j in 0..<p {
      let scale = (1 + (condition - 1) * Double(j) / Double(p - 1)).squareRoot()
      design.setColumn(j, to: columns[j].map { $0 * scale })
    }
    let lower = try LinearLeastSquares(
      design: design, influence: draw(n, d), targets: draw(n, 1).elements, range: -100...100)
    let problem = BilevelProblem(lower, judgedBy: try SquaredError(design: draw(n, p), targets: draw(n, 1).elements))
    let options: [String: JSONValue] = ["tolerance": 1e-10, "value_tolerance": 0]
    var exactly = settings("hypergradient", options)
    exactly.method = .direct
    var run = try BilevelRun([problem], settings: exactly)
    try run.finish()
    return (problem, exact(problem, DirectMethod(), accuracy: 0)(run.theta))
  }

  /// Ridge and kernel ridge on diabetes.
  func diabetes() throws {
    let data = try files.diabetes()
    for (kind, penalty) in [(ProblemKind.ridge, PenaltyChoice.shared), (.ridge, .perFeature), (.kernelRidge, .shared)] {
      var made = TabularProblem.Settings()
      made.penalty = penalty
      let problem = try TabularProblem(kind, of: data, settings: made)
      try report(kind == .ridge ? "t3" : "t4", problem, BilevelRunSettings(), ["penalty": .string(penalty.rawValue)])
    }
  }

  private func report(
    _ name: String, _ problem: TabularProblem, _ settings: BilevelRunSettings, _ extra: [String: JSONValue] = [:]
  ) throws {
    var run = try BilevelRun(problem.folds, settings: settings)
    let start = ContinuousClock.now
    try run.finish()
    let taken = ContinuousClock.now - start
    let report = try BilevelReport(run, of: problem)
    guard case .object(var fields) = report.json else { return }
    if report.theta.count > 10 { fields["theta"] = nil }
    if report.theta.count > 10 { fields["hyperparameters"] = nil }
    fields["s"] = .number(Double(taken.components.seconds) + Double(taken.components.attoseconds) * 1e-18)
    write(name, fields.merging(extra) { $1 })
  }

  /// One penalty and one for each weight of multinomial regression on digits.
  func digits() throws {
    let data = try files.digits()
    for penalty in [PenaltyChoice.shared, .perWeight] {
      var made = TabularProblem.Settings()
      (made.penalty, made.standardises, made.divisor, made.bias) = (penalty, false, 16, false)
      let problem = try TabularProblem(.multinomial, of: data, settings: made)
      // The best single penalty, and one near it.
      for (tuner, start, steps) in [
        ("hypergradient", -9.0, 20), ("hypergradient", -9.678, 20), ("hypergradient", -10, 20),
        ("hypergradient", -9, 40),
        ("maid", -9, 20), ("maid", -9, 60), ("maid", -10, 60),
      ] {
        var one = settings(tuner, ["max_steps": .integer(steps)])
        if tuner == "hypergradient" { one.options["eps"] = start == -10 ? 1e-9 : 1e-6 }
        one.certify = .off
        one.start = problem.folds[0].lower.hyperparameters.map { _ in start }
        try report(
          "t5", problem, one,
          ["penalty": .string(penalty.rawValue), "started": .number(start), "steps": .integer(steps)])
      }
    }
  }

  /// Weights of training rows whose labels may be wrong.
  func cleaning(_ name: String, _ data: TabularData, divisor: Double, bias: Bool, steps: Int) throws {
    var made = TabularProblem.Settings()
    (made.standardises, made.divisor, made.bias) = (false, divisor, bias)
    let (noisy, wrong) = data.withNoise()
    let problem = try TabularProblem(.hyperCleaning, of: noisy, settings: made)
    for tuner in ["hypergradient", "maid"] {
      var one = settings(
        tuner, tuner == "maid" ? ["max_steps": .integer(2 * steps)] : ["max_steps": .integer(steps), "eps": 1e-3])
      one.certify = .off
      var run = try BilevelRun(problem.folds, settings: one)
      try run.finish()
      let rows = data.rows.indices.filter { $0 % 3 == 0 }
      let left = Set(zip(rows, run.theta).filter { $0.1 < 0 }.map(\.0))
      let hits = Double(left.intersection(wrong).count)
      let f1 = 2 * hits / Double(left.count + wrong.count)
      try report(name, problem, one, ["f1": .number(f1)])
    }
  }

  func cleanDigits() throws { try cleaning("t6", try files.digits(), divisor: 16, bias: false, steps: 10) }

  func cleanImages() throws {
    guard let images else { return }
    try cleaning("t7", try files.images(images), divisor: 255, bias: true, steps: 40)
  }

  /// Elastic net and support vectors beside grids of 100 points.
  func grids() throws {
    let (diabetes, cancer) = (try files.diabetes(), try files.cancer())
    for (kind, data) in [(ProblemKind.elasticNet, diabetes), (.lasso, diabetes), (.svm, cancer), (.hingeSVM, cancer)] {
      let problem = try TabularProblem(kind, of: data)
      let boxes = problem.folds[0].lower.hyperparameters
      var best = Double.infinity
      var cost = SolveCost()
      let side = boxes.count == 2 ? 10 : 100
      for index in 0..<100 {
        let theta = boxes.enumerated().map { k, box in
          let place = (k == 0 ? index % side : index / side)
          return box.range.lowerBound + (box.range.upperBound - box.range.lowerBound) * (Double(place) + 0.5)
            / Double(side)
        }
        let method: any InnerSolver = kind == .svm ? NewtonMethod() : CoordinateDescent()
        let solution = try method.solve(problem.folds[0].lower, theta: theta, accuracy: 1e-6, from: nil)
        cost += solution.cost
        best = min(best, problem.folds[0].upper.evaluate(at: solution.x, theta: theta).value)
      }
      write(
        "grid",
        ["problem": .string(kind.rawValue), "solves": 100, "loss": .number(best), "inner": .integer(cost.gradients)])
      for (tuner, answers) in [("hypergradient", 10), ("maid", 10), ("hypergradient", 30), ("maid", 30)] {
        var one = settings(tuner)
        one.maximumAnswers = answers
        try report("gradient", problem, one, ["problem": .string(kind.rawValue), "solves": .integer(answers)])
      }
    }
  }

  /// Two coefficients of two-dimensional total variation on a picture with noise of deviation 0.1.
  func pictures() throws {
    let side = 96
    var clean: [Double]
    if let picture {
      clean = try String(contentsOfFile: picture, encoding: .utf8).split(whereSeparator: { ",\n".contains($0) })
        .compactMap { Double($0) }
    } else {
      clean = (0..<side * side).map { i in
        let (x, y) = (Double(i % side) / Double(side) - 0.5, Double(i / side) / Double(side) - 0.5)
        return (x * x + y * y < 0.09 ? 0.8 : 0.2) + (x > 0.2 ? 0.1 * y : 0)
      }
    }
    for seed in 1...3 {
      var random = RandomStream(seed: UInt64(seed), trial: 0, purpose: .design)
      let noisy = clean.map {
        $0 + 0.1 * StandardNormal.inverseCDF((Double(random.next() >> 11) + 0.5) * 0x1p-53)
      }
      func psnr(_ x: [Double]) -> Double {
        let square = zip(x, clean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(clean.count)
        return -10 * log10(square)
      }
      let problem = BilevelProblem(
        try TotalVariation(
          observed: noisy, .image(rows: side, columns: side),
          strength: .tuned(Hyperparameter("strength", .log, range: -12...3, start: -5)),
          smoothing: .tuned(Hyperparameter("smoothing", .log, range: -8...2, start: -5))),
        judgedBy: try SquaredDistance(target: clean))
      for tuner in ["maid", "hypergradient", "hoag"] {
        var one = settings(tuner, tuner == "hypergradient" ? ["eps": 1e-3] : tuner == "hoag" ? ["max_steps": 30] : [:])
        (one.certify, one.method, one.maximumInnerSteps) = (.off, .fista, 20_000)
        var run = try BilevelRun([problem], settings: one)
        let start = ContinuousClock.now
        try run.finish()
        let taken = ContinuousClock.now - start
        let x = try NewtonMethod(avoidsDirectSolutions: true)
          .solve(problem.lower, theta: run.theta, accuracy: 1e-6, from: nil).x
        write(
          "t11",
          [
            "tuner": .string(tuner), "seed": .integer(seed), "picture": .bool(picture != nil),
            "noisy_psnr": .number(psnr(noisy)), "psnr": .number(psnr(x)), "inner": .integer(run.cost.gradients),
            "hvp": .integer(run.cost.hessianProducts), "gradients": .integer(run.gradients),
            "theta": .array(run.theta.map(JSONValue.number)), "ending": .string(run.ending?.reason.rawValue ?? ""),
            "s": .number(Double(taken.components.seconds) + Double(taken.components.attoseconds) * 1e-18),
          ])
      }
    }
  }

  /// Products with the Hessian of multinomial regression beside bare matrix products of the same shapes.
  func products() throws {
    var random = RandomStream(seed: 3, trial: 0, purpose: .design)
    for (n, f, k) in [(600, 64, 10), (1_667, 785, 10)] {
      let design = Matrix(
        rows: n, columns: f, elements: (0..<n * f).map { _ in Double.random(in: -1...1, using: &random) })
      let labels = (0..<n).map { $0 % k }
      let problem = try MultinomialRegression(design: design, labels: labels, classes: k)
      let v = (0..<f * k).map { _ in Double.random(in: -1...1, using: &random) }
      let derivatives = problem.derivatives(at: v.map { 0.01 * $0 }, theta: [0])
      let (small, tall) = (
        Matrix(rows: f, columns: k, elements: v),
        Matrix(rows: n, columns: k, elements: (0..<n * k).map { _ in Double.random(in: -1...1, using: &random) })
      )
      let flops = 4.0 * Double(n) * Double(f) * Double(k)
      var best = (product: Double.infinity, gemm: Double.infinity)
      var sum = 0.0
      for _ in 0..<200 {
        let a = ContinuousClock.now
        sum += derivatives.hessianProduct(v)[0]
        let b = ContinuousClock.now
        sum += design.multiplying(small)[0, 0] + design.multiplying(tall, transposing: .left)[0, 0]
        let c = ContinuousClock.now
        best.product = min(best.product, Double((b - a).components.attoseconds) * 1e-18)
        best.gemm = min(best.gemm, Double((c - b).components.attoseconds) * 1e-18)
      }
      write(
        "hvp",
        [
          "n": .integer(n), "f": .integer(f), "k": .integer(k), "gflops": .number(flops / best.product * 1e-9),
          "dgemm_gflops": .number(flops / best.gemm * 1e-9), "sum": .number(sum),
        ])
    }
  }
}
