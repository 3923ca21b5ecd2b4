import Bilevel
import NumericalMethods
import TestSupport
import Testing
import TuningModel

@Suite("Runs in process")
struct BilevelRunTests {
  /// Two classes in two columns, with some overlap.
  private func table(rows: Int = 90, classes: Int = 2) -> TabularData {
    var random = SplitMix64(seed: 11)
    let labels = (0..<rows).map { Double(($0 / 3) % classes) }
    return TabularData(
      features: ["a", "b", "c"],
      rows: labels.map { label in
        (0..<3).map { Double($0 + 1) * (label - 0.5) + Double.random(in: -2...2, using: &random) }
      },
      targets: labels, classes: (0..<classes).map(String.init))
  }

  private func regression(rows: Int = 90) -> TabularData {
    var random = SplitMix64(seed: 12)
    let inputs = (0..<rows).map { _ in (0..<4).map { _ in Double.random(in: -1...1, using: &random) } }
    return TabularData(
      features: ["a", "b", "c", "d"], rows: inputs,
      targets: inputs.map { 3 * $0[0] - $0[1] + Double.random(in: -0.5...0.5, using: &random) })
  }

  private func data(for kind: ProblemKind) -> TabularData { kind.isRegression ? regression() : table() }

  @Test(
    "Every family that a table makes is tuned by its default tuner to no worse a loss than at the start",
    arguments: ProblemKind.allCases)
  func families(kind: ProblemKind) throws {
    var made = TabularProblem.Settings()
    made.hidden = [3]
    let problem = try TabularProblem(kind, of: data(for: kind), settings: made)
    var settings = BilevelRunSettings()
    settings.maximumAnswers = 60
    var run = try BilevelRun(problem.folds, settings: settings)
    try run.finish()
    let report = try BilevelReport(run, of: problem)
    #expect(report.validation.loss <= report.validationAtStart.loss + 1e-9)
    #expect(report.answers > 1)
    #expect(report.test.rows == 30)
    #expect(report.interval.low <= report.interval.up)
    if kind != .perceptron {
      // What is reported as the loss of a model trained anew lies in the interval.
      #expect(report.interval.low <= report.validation.loss + 1e-7)
      #expect(report.validation.loss <= report.interval.up + 1e-7)
    }
    #expect((report.validation.error != nil) == !kind.isRegression)
  }

  @Test("Every tuner runs on logistic regression", arguments: TunerCatalog.bilevel.descriptions.map(\.name))
  func tuners(name: String) throws {
    let problem = try TabularProblem(.logistic, of: table())
    var settings = BilevelRunSettings()
    settings.tuner = name
    settings.maximumAnswers = 40
    var run = try BilevelRun(problem.folds, settings: settings)
    try run.finish()
    #expect(run.failures == 0)
    #expect(run.ending != nil)
    let isFinite = run.theta.allSatisfy(\.isFinite)
    #expect(isFinite)
    #expect(run.cost.gradients > 0)
  }

  @Test("Families that are solved directly default to L-BFGS on hypergradients, others to adaptive descent")
  func defaults() throws {
    for (kind, name, method) in [
      (ProblemKind.ridge, "hypergradient", InnerMethod.direct), (.kernelRidge, "hypergradient", .direct),
      (.logistic, "maid", .newton), (.lasso, "maid", .coordinate),
    ] {
      let run = try BilevelRun(try TabularProblem(kind, of: data(for: kind)).folds, settings: BilevelRunSettings())
      #expect(run.tunerName == name)
      #expect(run.method == method)
    }
  }

  @Test("Pairs of tuner and problem that do not fit are refused with a pointer", arguments: ["f2sa", "bda", "pes"])
  func misfits(name: String) throws {
    let problem = try TabularProblem(.lasso, of: regression())
    var settings = BilevelRunSettings()
    settings.tuner = name
    do throws(BilevelRunError) {
      _ = try BilevelRun(problem.folds, settings: settings)
      #expect(Bool(false), "it was not refused")
    } catch {
      guard case .refused(let mistakes) = error else { return #expect(Bool(false), "\(error)") }
      #expect(mistakes[0].pointer == "/tuner/name")
    }
  }

  @Test("Options that a tuner does not have are refused with a pointer")
  func options() throws {
    let problem = try TabularProblem(.logistic, of: table())
    var settings = BilevelRunSettings()
    settings.options = ["nonsense": 1]
    do throws(BilevelRunError) {
      _ = try BilevelRun(problem.folds, settings: settings)
      #expect(Bool(false), "it was not refused")
    } catch {
      guard case .refused(let mistakes) = error else { return #expect(Bool(false), "\(error)") }
      #expect(mistakes[0].pointer == "/tuner/nonsense")
    }
  }

  @Test("Budgets of inner steps and of Hessian-vector products end a run")
  func budgets() throws {
    let problem = try TabularProblem(.logistic, of: table())
    for isProducts in [true, false] {
      var settings = BilevelRunSettings()
      settings.method = .newtonCG
      if isProducts { settings.maximumHessianProducts = 5 } else { settings.maximumInnerSteps = 5 }
      var run = try BilevelRun(problem.folds, settings: settings)
      try run.finish()
      #expect(run.ending?.reason == .budget)
      #expect(run.answers <= 5)
    }
  }

  @Test("Starting each solution anew costs more steps than going on, and leads to the same minimum")
  func coldStarts() throws {
    let problem = try TabularProblem(.logistic, of: table())
    var runs: [BilevelRun] = []
    for start in BilevelRunSettings.WarmStart.allCases {
      var settings = BilevelRunSettings()
      settings.tuner = "hypergradient"
      settings.method = .fista
      settings.warmStart = start
      var run = try BilevelRun(problem.folds, settings: settings)
      try run.finish()
      runs.append(run)
    }
    #expect(runs[0].cost.gradients < runs[1].cost.gradients)
    #expect(abs(runs[0].theta[0] - runs[1].theta[0]) < 1e-3)
  }

  @Test("The mean over folds has an interval that holds the mean of the exact losses")
  func folds() throws {
    var made = TabularProblem.Settings()
    made.split = .folds(3)
    let problem = try TabularProblem(.logistic, of: table(rows: 120), settings: made)
    #expect(problem.folds.count == 3)
    #expect(problem.trainingRows == 90 && problem.validationRows == 90 && problem.testRows == 30)
    var run = try BilevelRun(problem.folds, settings: BilevelRunSettings())
    var seen = 0
    try run.finish { step, _ in
      guard let interval = step.interval, let exact = try? run0(problem, step.theta) else { return true }
      seen += 1
      #expect(interval.low <= exact + 1e-9 && exact <= interval.up + 1e-9)
      return true
    }
    #expect(seen > 2)
  }

  private func run0(_ problem: TabularProblem, _ theta: [Double]) throws -> Double {
    try problem.folds.reduce(0) { sum, fold in
      let x = try NewtonMethod().solve(fold.lower, theta: theta, accuracy: 1e-12, from: nil).x
      return sum + fold.upper.evaluate(at: x, theta: theta).value / Double(problem.folds.count)
    }
  }

  // 30 rows validate, so that 4 penalties are more than a tenth of them.
  @Test("Many hyperparameters for few validation rows raise the flag, a single one does not")
  func overfit() throws {
    for (penalty, isRaised) in [(PenaltyChoice.perFeature, true), (.shared, false)] {
      var made = TabularProblem.Settings()
      made.penalty = penalty
      let problem = try TabularProblem(.logistic, of: table(), settings: made)
      var run = try BilevelRun(problem.folds, settings: BilevelRunSettings())
      try run.finish()
      #expect(try BilevelReport(run, of: problem).overfitReasons.isEmpty == !isRaised)
    }
  }

  @Test("Test rows change nothing but their own score")
  func testRows() throws {
    let data = table()
    var other = data
    for i in other.rows.indices where i % 3 == 2 { other.rows[i] = other.rows[i].map { 100 - $0 } }
    var reports: [BilevelReport] = []
    for table in [data, other] {
      let problem = try TabularProblem(.logistic, of: table)
      var run = try BilevelRun(problem.folds, settings: BilevelRunSettings())
      try run.finish()
      reports.append(try BilevelReport(run, of: problem))
    }
    #expect(reports[0].theta == reports[1].theta)
    #expect(reports[0].cost == reports[1].cost)
    #expect(reports[0].validation == reports[1].validation)
    #expect(reports[0].test != reports[1].test)
  }

  @Test("Splits that leave a part without rows are refused")
  func splits() {
    #expect(throws: BilevelError.self) { try RowSplit.mod3.parts(of: 2, seed: 1) }
    #expect(throws: BilevelError.self) { try RowSplit.shares(training: 0.9, validation: 0.1).parts(of: 90, seed: 1) }
    #expect(throws: BilevelError.self) { try RowSplit.folds(1).parts(of: 90, seed: 1) }
    #expect(throws: BilevelError.self) { try RowSplit.folds(9).parts(of: 5, seed: 1) }
  }

  @Test("Shares divide all rows, the same with the same seed")
  func shares() throws {
    let split = RowSplit.shares(training: 0.5, validation: 0.3)
    let (folds, test) = try split.parts(of: 100, seed: 3)
    #expect(folds[0].training.count == 50 && folds[0].validation.count == 30 && test.count == 20)
    #expect(Set(folds[0].training + folds[0].validation + test) == Set(0..<100))
    #expect(try split.parts(of: 100, seed: 3).test == test)
    #expect(try split.parts(of: 100, seed: 4).test != test)
  }

  @Test("Where certificates are too loose the descent goes on without, and says so")
  func looseCertificates() throws {
    // A penalty near e^-12 leaves a bound of the inverse Hessian that is of no use.
    let problem = try TabularProblem(.multinomial, of: table(classes: 3))
    var settings = BilevelRunSettings()
    settings.start = [-11.5]
    settings.maximumAnswers = 400
    var run = try BilevelRun(problem.folds, settings: settings)
    try run.finish()
    let report = try BilevelReport(run, of: problem)
    #expect(report.interval.certification == (run.isUncertified ? .monotone : .certified))
    #expect(report.validation.loss <= report.validationAtStart.loss + 1e-9)
  }

  @Test("A gradient that is short because its linear system was left alone does not end a descent")
  func coarseGradient() throws {
    let problem = try TabularProblem(.logistic, of: table())
    var settings = BilevelRunSettings()
    settings.tuner = "maid"
    settings.options = ["eps": 10]
    settings.certify = .off
    settings.method = .newtonCG
    settings.start = [-6]
    var run = try BilevelRun(problem.folds, settings: settings)
    let first = try #require(try run.advance())
    #expect(first.answer?.z == [0])
    try run.finish()
    let report = try BilevelReport(run, of: problem)
    #expect(report.validation.loss < report.validationAtStart.loss - 1e-6)
  }

  @Test("The derivatives of every family agree with differences", arguments: ProblemKind.allCases)
  func checks(kind: ProblemKind) throws {
    var made = TabularProblem.Settings()
    made.hidden = [3]
    let problem = try TabularProblem(kind, of: data(for: kind), settings: made)
    var settings = BilevelRunSettings()
    settings.tuner = "hypergradient"
    // A perceptron's minima are local, so that a cold start may lead to another one nearby; one that is nearly convex has one.
    if kind == .perceptron { settings.start = [1, 1] }
    let run = try BilevelRun(problem.folds, settings: settings)
    let check = try problem.folds[0].gradientCheck(
      at: run.start, names: run.hyperparameters.map(\.name), by: run, tolerance: 1e-3)
    #expect(check.entries.count > 1)
    #expect(check.failures.isEmpty, "\(check.failures)")
  }

  @Test("A wrong component of a gradient is named")
  func wrongComponent() {
    var check = GradientCheck(tolerance: 1e-3)
    check.add([("a", 1, 1.0001), ("b", 2, -2), ("c", 1e-9, 0), ("d", .nan, 1)])
    #expect(check.failures.map(\.name) == ["b", "d"])
  }
}
