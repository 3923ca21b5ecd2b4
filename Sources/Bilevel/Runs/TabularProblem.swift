import Foundation
import NumericalMethods
import TuningModel

/// A bilevel problem made of a table: models trained on some rows, their hyperparameters judged on others.
///
/// Columns are standardised by the training rows of each fold alone. The final model is trained on all rows that are not
/// the test's where there are folds, else on the training rows; the test rows serve reports and nothing else.
public struct TabularProblem: Sendable {
  /// How the problem is made.
  public struct Settings: Sendable {
    /// Which weights share a penalty.
    public var penalty = PenaltyChoice.shared
    /// Which rows do what.
    public var split = RowSplit.mod3
    /// Whether columns, and targets that are numbers, get mean 0 and deviation 1.
    public var standardises = true
    /// What columns are divided by where they are not standardised.
    public var divisor = 1.0
    /// Whether a column of ones is added; nil for what the family has.
    public var bias: Bool?
    /// The penalty c of hyper-cleaning.
    public var cleaningPenalty = 1e-3
    /// The units in each hidden layer of a perceptron.
    public var hidden = [16]
    /// The seed of draws: shares of rows, weights that a perceptron starts with.
    public var seed: UInt64 = 1

    /// Creates settings with defaults.
    public init() {}
  }

  /// How well a model does on some rows.
  public struct Score: Hashable, Sendable {
    /// The loss, a mean over rows.
    public var loss: Double
    /// The share of rows in a wrong class; nil for regression.
    public var error: Double?
    /// The number of rows.
    public var rows: Int
  }

  /// A model with what judges it.
  private struct Model: Sendable {
    var lower: any LowerLevelProblem
    /// The loss on other rows, and the share of wrong classes there.
    var judge: @Sendable (_ rows: [Int]) throws(BilevelError) -> (any UpperLevelLoss, (@Sendable ([Double]) -> Double)?)
  }

  /// The family.
  public let kind: ProblemKind
  /// The problems whose mean is minimised.
  public let folds: [BilevelProblem]
  /// What the upper loss is multiplied by, over the mean that is reported.
  public let lossScale: Double
  /// What trains the final model.
  public let final: any LowerLevelProblem
  /// The numbers of rows that validate (of all folds) and test.
  public let validationRows, testRows: Int
  /// The number of rows that train the final model.
  public let trainingRows: Int

  private let judges: [(rows: [Int], model: Model)]
  private let finalModel: Model
  private let parts: (training: [Int], test: [Int])

  /// Makes a problem.
  ///
  /// - Throws: `invalidData` or `notFinite` for data that it cannot be made of; `unsupported` for settings.
  public init(_ kind: ProblemKind, of data: TabularData, settings: Settings = Settings()) throws(BilevelError) {
    self.kind = kind
    guard kind.structures.contains(settings.penalty) else {
      let names = kind.structures.map(\.rawValue).joined(separator: ", ")
      throw .unsupported("\(kind.rawValue) has the penalties \(names), not \(settings.penalty.rawValue).")
    }
    if kind.isBinary, data.classes.count != 2 {
      throw .invalidData("\(kind.rawValue) takes two classes; the target has \(data.classes.count).")
    }
    if !kind.isRegression, data.classes.count < 2 { throw .invalidData("The target has less than two classes.") }
    guard settings.divisor > 0, settings.divisor.isFinite else { throw .invalidData("A divisor is positive.") }
    let (folds, test) = try settings.split.parts(of: data.rows.count, seed: settings.seed)
    if kind == .hyperCleaning, folds.count > 1 {
      throw .unsupported("hyper-cleaning has a weight for each training row, so that folds share none; use one split.")
    }
    lossScale = kind == .hyperCleaning ? Double(folds[0].training.count) : 1
    var problems: [BilevelProblem] = []
    var judges: [(rows: [Int], model: Model)] = []
    for fold in folds {
      let model = try Self.model(kind, data, fold.training, settings)
      let (loss, _) = try model.judge(fold.validation)
      problems.append(BilevelProblem(model.lower, judgedBy: lossScale == 1 ? loss : ScaledLoss(loss, by: lossScale)))
      judges.append((fold.validation, model))
    }
    self.folds = problems
    self.judges = judges
    let training = folds.count == 1 ? folds[0].training : folds.flatMap(\.validation).sorted()
    finalModel = folds.count == 1 ? judges[0].model : try Self.model(kind, data, training, settings)
    final = finalModel.lower
    parts = (training, test)
    (trainingRows, validationRows, testRows) = (
      training.count, folds.reduce(0) { $0 + $1.validation.count }, test.count
    )
  }

  /// How the final model does on its training rows and on the test's.
  public func scores(
    of x: [Double], at theta: [Double]
  ) throws(BilevelError) -> (training: Score, test: Score) {
    (try score(finalModel, x, theta, parts.training), try score(finalModel, x, theta, parts.test))
  }

  /// How the models of the folds do on the rows that they are judged by.
  ///
  /// - Parameter solutions: of each fold the variables.
  public func validationScore(of solutions: [[Double]], at theta: [Double]) throws(BilevelError) -> Score {
    var sum = Score(loss: 0, error: nil, rows: validationRows)
    for (judge, x) in zip(judges, solutions) {
      let one = try score(judge.model, x, theta, judge.rows)
      sum.loss += one.loss / Double(judges.count)
      if let error = one.error { sum.error = (sum.error ?? 0) + error / Double(judges.count) }
    }
    return sum
  }

  private func score(
    _ model: Model, _ x: [Double], _ theta: [Double], _ rows: [Int]
  ) throws(BilevelError) -> Score {
    let (loss, error) = try model.judge(rows)
    return Score(loss: loss.evaluate(at: x, theta: theta).value, error: error?(x), rows: rows.count)
  }
}

extension TabularProblem {
  private static func model(
    _ kind: ProblemKind, _ data: TabularData, _ training: [Int], _ settings: Settings
  ) throws(BilevelError) -> Model {
    let scaling = Standardisation(
      data, training: training, isOn: settings.standardises, divisor: settings.divisor, regression: kind.isRegression,
      bias: settings.bias ?? kind.hasBias)
    let design = scaling.design(data, training)
    let (features, classes) = (design.columns, data.classes.count)
    if kind.isRegression {
      return try regression(kind, data, scaling, design, scaling.targets(data, training), settings)
    }
    switch kind {
    case .multinomial, .hyperCleaning:
      let lower: any LowerLevelProblem
      if kind == .hyperCleaning {
        lower = try HyperCleaning(
          design: design, labels: data.labels(training), classes: classes, penalty: settings.cleaningPenalty)
      } else {
        let structure: PenaltyStructure =
          switch settings.penalty {
          case .shared: .shared
          case .perFeature: .grouped((0..<features * classes).map { $0 % features })
          case .perWeight: .perWeight
          }
        lower = try MultinomialRegression(
          design: design, labels: data.labels(training), classes: classes, penalty: structure)
      }
      return Model(lower: lower) { (rows) throws(BilevelError) in
        let (other, labels) = (scaling.design(data, rows), data.labels(rows))
        let loss = try CrossEntropy(design: other, labels: labels, classes: classes)
        return (
          loss,
          { x in
            let scores = other.multiplying(Matrix(rows: features, columns: classes, elements: x))
            return wrongShare(labels) { i in (0..<classes).max { scores[i, $0] < scores[i, $1] } ?? 0 }
          }
        )
      }
    case .perceptron:
      var random = RandomStream(seed: settings.seed, trial: 0, purpose: .fitting)
      let network = try PerceptronTraining(
        design: design, labels: data.labels(training), classes: classes, hidden: settings.hidden, using: &random)
      return Model(lower: network) { (rows) throws(BilevelError) in
        let (other, labels) = (scaling.design(data, rows), data.labels(rows))
        return (
          try network.loss(design: other, labels: labels),
          { x in network.wrongShare(x, design: other, labels: labels) }
        )
      }
    default:
      return try binary(kind, data, scaling, design, data.signs(training), settings)
    }
  }

  private static func binary(
    _ kind: ProblemKind, _ data: TabularData, _ scaling: Standardisation, _ design: Matrix, _ signs: [Double],
    _ settings: Settings
  ) throws(BilevelError) -> Model {
    let structure: PenaltyStructure = settings.penalty == .shared ? .shared : .perWeight
    let hinge = kind == .hingeSVM ? try HingeSupportVectors(design: design, labels: signs) : nil
    let lower: any LowerLevelProblem =
      if let hinge {
        hinge
      } else if kind == .svm {
        try SquaredHingeSupportVectors(design: design, labels: signs)
      } else {
        try LogisticRegression(design: design, labels: signs, penalty: structure)
      }
    return Model(lower: lower) { (rows) throws(BilevelError) in
      let labels = data.signs(rows)
      let other = scaling.design(data, rows)
      let judged = hinge?.dualDesign(other) ?? other
      let loss: any UpperLevelLoss =
        if kind == .logistic {
          try LogisticLoss(design: judged, labels: labels)
        } else {
          try SquaredHinge(design: judged, labels: labels)
        }
      return (
        loss,
        { x in
          let scores = judged.multiplying(x)
          return wrongShare(labels.map { $0 > 0 ? 1 : 0 }) { scores[$0] > 0 ? 1 : 0 }
        }
      )
    }
  }

  private static func regression(
    _ kind: ProblemKind, _ data: TabularData, _ scaling: Standardisation, _ design: Matrix, _ targets: [Double],
    _ settings: Settings
  ) throws(BilevelError) -> Model {
    let structure: PenaltyStructure = settings.penalty == .shared ? .shared : .perWeight
    let lower: any LowerLevelProblem =
      switch kind {
      case .kernelRidge: try KernelRidge(design: design, targets: targets)
      case .elasticNet, .lasso:
        try ElasticNet(design: design, targets: targets, penalty: structure, hasRidge: kind == .elasticNet)
      default: try RidgeRegression(design: design, targets: targets, penalty: structure)
      }
    return Model(lower: lower) { (rows) throws(BilevelError) in
      let (other, values) = (scaling.design(data, rows), scaling.targets(data, rows))
      if kind == .kernelRidge {
        return (try KernelSquaredError(training: design, design: other, targets: values), nil)
      }
      return (try SquaredError(design: other, targets: values), nil)
    }
  }
}

/// The share of rows whose predicted class is wrong.
func wrongShare(_ labels: [Int], _ predicted: (Int) -> Int) -> Double {
  Double(labels.indices.count { predicted($0) != labels[$0] }) / Double(max(1, labels.count))
}
