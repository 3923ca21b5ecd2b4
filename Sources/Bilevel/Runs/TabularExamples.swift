public import BestResponse
import NumericalMethods

/// The rows of a table as examples for a network that tells classes apart.
///
/// Columns are standardised, or divided, by what the training rows say; rows of the test serve reports and nothing else.
public struct TabularExamples: Sendable {
  /// The rows that weights are trained on.
  public let training: LabelledExamples
  /// Those that judge hyperparameters.
  public let validation: LabelledExamples
  /// Those that play no part.
  public let test: LabelledExamples
  /// The number of features.
  public let features: Int
  /// The names of the classes.
  public let classes: [String]

  /// Makes examples of a table.
  ///
  /// - Parameters:
  ///   - data: a table with classes.
  ///   - split: which rows do what; folds are refused.
  ///   - standardises: whether columns get mean 0 and deviation 1.
  ///   - divisor: what columns are divided by where they do not.
  ///   - trainingRows: how many of the training rows to take, the first ones; nil for all.
  ///   - seed: of a split that is drawn.
  /// - Throws: `invalidData`, `notFinite`, `unsupported`.
  public init(
    of data: TabularData, split: RowSplit = .mod3, standardises: Bool = true, divisor: Double = 1,
    trainingRows: Int? = nil, seed: UInt64 = 1
  ) throws(BilevelError) {
    guard data.classes.count > 1 else { throw .invalidData("The target has less than two classes.") }
    guard divisor > 0, divisor.isFinite else { throw .invalidData("A divisor is positive.") }
    let (folds, test) = try split.parts(of: data.rows.count, seed: seed)
    guard folds.count == 1 else { throw .unsupported("One network is trained once, so there are no folds.") }
    let training = Array(folds[0].training.prefix(trainingRows ?? .max))
    guard training.count > 1 else { throw .invalidData("At least two rows train.") }
    let scaling = Standardisation(
      data, training: training, isOn: standardises, divisor: divisor, regression: false, bias: false)
    func examples(_ chosen: [Int]) throws(BilevelError) -> LabelledExamples {
      do throws(BestResponseError) {
        return try LabelledExamples(
          inputs: scaling.design(data, chosen).transposed(), labels: data.labels(chosen))
      } catch {
        throw .invalidData(error.sentence)
      }
    }
    self.training = try examples(training)
    validation = try examples(folds[0].validation)
    self.test = try examples(test)
    features = data.features.count
    classes = data.classes
  }
}
