import Bilevel
import NumericalMethods
import TestSupport
import Testing

/// One case of the fixture `bilevel-families`: a problem with its derivatives at a point and its solution.
struct FamilyCase: Decodable, Sendable {
  struct Data: Decodable, Sendable {
    let design: [[Double]]?
    let validation: [[Double]]?
    let targets: [Double]?
    let validationTargets: [Double]?
    let signs: [Double]?
    let validationSigns: [Double]?
    let labels: [Int]?
    let validationLabels: [Int]?
    let classes: Int?
    let groups: [Int]?
    let penalty: Double?
    let noisy: [Double]?
    let clean: [Double]?
    let length: Int?
    let rows: Int?
    let columns: Int?
    let hidden: [Int]?
    let smoothing: Double?
  }

  let name: String
  let data: Data
  let theta: [Double]
  let x: [Double]
  let v: [Double]
  let q: [Double]
  let value: Double
  let gradient: [Double]
  let hessianProduct: [Double]
  let crossTransposeProduct: [Double]
  let hyperparameterGradient: [Double]
  let upperValue: Double
  let upperGradient: [Double]
  let solution: [Double]?
  let solutionValue: Double?
  let hypergradient: [Double]?

  static let golden: GoldenValues<FamilyCase>? = try? GoldenValues("bilevel-families", in: .module)
  static let all: [FamilyCase] = golden?.cases ?? []
  static let solvable: [FamilyCase] = all.filter { $0.solution != nil }

  /// The problem that the case describes.
  func problem() throws -> BilevelProblem {
    let design = Matrix(data.design ?? [])
    let validation = Matrix(data.validation ?? [])
    let structure: PenaltyStructure =
      name.hasSuffix("per weight") ? .perWeight : data.groups.map { .grouped($0) } ?? .shared
    func tuned(_ name: String) -> Coefficient { .tuned(Hyperparameter(name, .log, range: -7...7, start: 0)) }

    switch name.split(separator: ",")[0] {
    case "ridge":
      return BilevelProblem(
        try RidgeRegression(design: design, targets: data.targets ?? [], penalty: structure),
        judgedBy: try SquaredError(design: validation, targets: data.validationTargets ?? []))
    case "logistic", "logistic sum":
      let scale: LossScale = name.hasPrefix("logistic sum") ? .sum : .mean
      return BilevelProblem(
        try LogisticRegression(design: design, labels: data.signs ?? [], penalty: structure, scale: scale),
        judgedBy: try LogisticLoss(design: validation, labels: data.validationSigns ?? [], scale: scale))
    case "multinomial":
      return BilevelProblem(
        try MultinomialRegression(
          design: design, labels: data.labels ?? [], classes: data.classes ?? 0, penalty: structure),
        judgedBy: try CrossEntropy(
          design: validation, labels: data.validationLabels ?? [], classes: data.classes ?? 0))
    case "hyper-cleaning":
      return BilevelProblem(
        try HyperCleaning(
          design: design, labels: data.labels ?? [], classes: data.classes ?? 0, penalty: data.penalty ?? 0),
        judgedBy: try CrossEntropy(
          design: validation, labels: data.validationLabels ?? [], classes: data.classes ?? 0))
    case "kernel ridge":
      return BilevelProblem(
        try KernelRidge(design: design, targets: data.targets ?? []),
        judgedBy: try KernelSquaredError(
          training: design, design: validation, targets: data.validationTargets ?? []))
    case "variation in one dimension", "variation in two dimensions":
      let shape: Differences =
        data.length.map { .line(length: $0, startsAtZero: true) }
        ?? .image(rows: data.rows ?? 0, columns: data.columns ?? 0)
      return BilevelProblem(
        try TotalVariation(
          observed: data.noisy ?? [], shape, strength: tuned("strength"), smoothing: tuned("smoothing"),
          shrinkage: tuned("shrinkage")),
        judgedBy: try SquaredDistance(target: data.clean ?? []))
    case "squared-hinge support vectors":
      return BilevelProblem(
        try SquaredHingeSupportVectors(design: design, labels: data.signs ?? []),
        judgedBy: try SquaredHinge(design: validation, labels: data.validationSigns ?? []))
    case "perceptron":
      var random = SplitMix64(seed: 1)
      let training = try PerceptronTraining(
        design: design, labels: data.labels ?? [], classes: data.classes ?? 0, hidden: data.hidden ?? [],
        using: &random)
      return BilevelProblem(
        training, judgedBy: try training.loss(design: validation, labels: data.validationLabels ?? []))
    case "field of experts":
      return BilevelProblem(
        try FieldOfExperts(
          observed: data.noisy ?? [], rows: data.rows ?? 0, columns: data.columns ?? 0,
          filters: [Matrix](repeating: Matrix(rows: 2, columns: 2, repeating: 1), count: 2),
          smoothing: data.smoothing ?? 0),
        judgedBy: try SquaredDistance(target: data.clean ?? []))
    default:
      throw BilevelError.unsupported("a family named \(name)")
    }
  }
}

extension FamilyCase: CustomTestStringConvertible {
  var testDescription: String { name }
}
