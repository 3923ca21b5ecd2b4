public import TuningModel

/// What a run on a table has come to, with every model trained anew.
public struct BilevelReport: Sendable {
  /// The hyperparameters with their names and transforms.
  public var hyperparameters: [Hyperparameter]
  /// The best θ, d numbers.
  public var theta: [Double]
  /// Where the objective, a mean over validation rows, lies there.
  public var interval: ObjectiveInterval
  /// How the final model does on the rows that trained it.
  public var training: TabularProblem.Score
  /// How models of the folds do on the rows that judge them.
  public var validation: TabularProblem.Score
  /// How the final model does on rows that played no part.
  public var test: TabularProblem.Score
  /// The same at the start of the run.
  public var validationAtStart, testAtStart: TabularProblem.Score
  /// What the run cost.
  public var cost: SolveCost
  /// The numbers of answers, of those with a gradient, and of requests that failed.
  public var answers, gradients, failures: Int
  /// What training anew for this report cost.
  public var refitCost: SolveCost
  /// Why the run ended.
  public var ending: OracleEnding
  /// Why the result may be fitted to the validation rows; none where nothing speaks for it.
  public var overfitReasons: [String]
  /// The tuner and the inner solver.
  public var tuner: String
  /// The inner solver in use.
  public var method: InnerMethod

  /// Trains anew at the best θ of a run that has ended, and at its start, and judges both.
  ///
  /// - Throws: where a model cannot be trained.
  public init(_ run: BilevelRun, of problem: TabularProblem) throws(BilevelRunError) {
    theta = run.theta
    hyperparameters = run.hyperparameters
    ending = run.ending ?? OracleEnding(reason: .cancelled, detail: "the run was not finished")
    (cost, answers, gradients, failures) = (run.cost, run.answers, run.gradients, run.failures)
    (tuner, method) = (run.tunerName, run.method)
    let certified = try run.certified(at: theta)
    let scale = problem.lossScale
    interval = ObjectiveInterval(
      low: certified.interval.low / scale, up: certified.interval.up / scale,
      certification: certified.interval.certification)
    let end = try Self.judge(run, problem, at: theta)
    let begin = try Self.judge(run, problem, at: run.start)
    (training, validation, test) = (end.training, end.validation, end.test)
    (validationAtStart, testAtStart) = (begin.validation, begin.test)
    refitCost = certified.cost + end.cost + begin.cost
    overfitReasons = Self.overfitReasons(
      dimension: theta.count, validation: (begin.validation, end.validation), test: (begin.test, end.test))
  }

  /// Why a result may be fitted to the validation rows.
  ///
  /// - Parameters:
  ///   - dimension: the number of hyperparameters.
  ///   - validation: at the start and at the end.
  ///   - test: likewise.
  static func overfitReasons(
    dimension: Int, validation: (TabularProblem.Score, TabularProblem.Score),
    test: (TabularProblem.Score, TabularProblem.Score)
  ) -> [String] {
    var reasons: [String] = []
    if Double(dimension) > Double(validation.1.rows) / 10 {
      reasons.append(
        "\(dimension) hyperparameters are many for \(validation.1.rows) validation rows; a tenth of the rows is the rule"
      )
    }
    if validation.1.loss < validation.0.loss, test.1.loss > 1.05 * test.0.loss {
      reasons.append(
        "from start to end the validation loss fell while the test loss rose by more than 5 %")
    }
    return reasons
  }

  private static func judge(
    _ run: BilevelRun, _ problem: TabularProblem, at theta: [Double]
  ) throws(BilevelRunError) -> (
    training: TabularProblem.Score, validation: TabularProblem.Score, test: TabularProblem.Score, cost: SolveCost
  ) {
    var cost = SolveCost()
    var solutions: [[Double]] = []
    for fold in problem.folds {
      let solution = try run.refitted(fold.lower, at: theta)
      solutions.append(solution.x)
      cost += solution.cost
    }
    var final = solutions[0]
    if problem.folds.count > 1 {
      let solution = try run.refitted(problem.final, at: theta)
      final = solution.x
      cost += solution.cost
    }
    do throws(BilevelError) {
      let scores = try problem.scores(of: final, at: theta)
      return (scores.training, try problem.validationScore(of: solutions, at: theta), scores.test, cost)
    } catch {
      throw .problem(error)
    }
  }
}

extension BilevelReport {
  /// The report as JSON.
  public var json: JSONValue {
    .object([
      "tuner": .string(tuner), "inner_solver": .string(method.rawValue),
      "theta": .array(theta.map(JSONValue.number)),
      "hyperparameters": .array(
        zip(hyperparameters, theta).map { ["name": .string($0.name), "value": .number($0.value(at: $1))] }),
      "interval": interval.json,
      "train": training.json, "validation": validation.json, "test": test.json,
      "start": ["validation": validationAtStart.json, "test": testAtStart.json],
      "cost": cost.json(answers: answers, gradients: gradients, failures: failures),
      "refit_cost": refitCost.json(answers: nil, gradients: nil, failures: nil),
      "ending": ["reason": .string(ending.reason.rawValue), "detail": .string(ending.detail)],
      "overfit": [
        "flag": .bool(!overfitReasons.isEmpty), "reasons": .array(overfitReasons.map(JSONValue.string)),
      ],
    ])
  }
}

extension TabularProblem.Score {
  fileprivate var json: JSONValue {
    .object(omittingNil: ["loss": .number(loss), "error": error.map(JSONValue.number), "rows": .integer(rows)])
  }
}

extension SolveCost {
  fileprivate func json(answers: Int?, gradients answered: Int?, failures: Int?) -> JSONValue {
    .object(omittingNil: [
      "inner_steps": .integer(gradients), "hessian_products": .integer(hessianProducts),
      "cross_products": .integer(crossProducts), "direct_solutions": .integer(directSolutions),
      "answers": answers.map(JSONValue.integer), "gradients": answered.map(JSONValue.integer),
      "failures": failures.map(JSONValue.integer),
    ])
  }
}
