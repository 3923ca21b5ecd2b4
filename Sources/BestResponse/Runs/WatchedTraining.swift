/// A training with its validation loss from time to time, the moment when that is least, and how test examples fare then.
///
/// Test examples are looked at when the validation loss is less than ever; they decide nothing.
public struct WatchedTraining: Sendable {
  /// The mean loss of some examples, and the share of wrong classes.
  public struct Score: Hashable, Sendable {
    /// The mean cross-entropy.
    public var loss: Double
    /// The share of wrong classes.
    public var error: Double

    init(_ score: (loss: Double, error: Double)) { (loss, error) = score }
  }

  /// How a training stands after some steps of the weights.
  public struct Moment: Hashable, Sendable {
    /// The steps of the weights.
    public var step: Int
    /// How validation examples fare, at λ itself with nothing dropped.
    public var validation: Score
    /// How test examples do; nil where nobody looked.
    public var test: Score?
    /// The hyperparameters in their own units.
    public var values: [Double]
  }

  /// The training.
  public private(set) var run: SelfTuningTraining
  /// How it stood, from the start on.
  public private(set) var moments: [Moment] = []
  /// When the validation loss was least.
  public private(set) var best: Moment
  /// The steps after which it could not go on.
  public private(set) var divergedAt: Int?

  private let validation, test: LabelledExamples
  private let every: Int
  private let schedule: Schedule?

  /// Watches a training from where it stands.
  ///
  /// - Parameters:
  ///   - run: the training.
  ///   - validation: what judges it.
  ///   - test: what is only looked at.
  ///   - every: how many steps of the weights there are between looks.
  ///   - schedule: values that are gone through instead of tuning.
  public init(
    _ run: SelfTuningTraining, validation: LabelledExamples, test: LabelledExamples, every: Int,
    replaying schedule: Schedule? = nil
  ) {
    self.run = run
    self.validation = validation
    self.test = test
    self.every = max(1, every)
    self.schedule = schedule
    best = Moment(
      step: run.state.step, validation: Score(run.evaluate(validation)), test: Score(run.evaluate(test)),
      values: run.values)
    moments = [best]
  }

  /// Goes on until the weights have taken so many steps, or the training diverges.
  ///
  /// - Parameter progress: is called after each look.
  public mutating func advance(to steps: Int, _ progress: (WatchedTraining) -> Void = { _ in }) {
    while run.state.step < steps, divergedAt == nil {
      do throws(BestResponseError) {
        if let values = schedule?.values(atStep: run.state.step) { try run.set(values) }
        if try run.advance().isValidation { continue }
      } catch {
        divergedAt = run.state.step
        return
      }
      guard run.state.step.isMultiple(of: every) || run.state.step == steps else { continue }
      look()
      progress(self)
    }
  }

  private mutating func look() {
    var moment = Moment(
      step: run.state.step, validation: Score(run.evaluate(validation)), test: nil, values: run.values)
    if moment.validation.loss < best.validation.loss {
      moment.test = Score(run.evaluate(test))
      best = moment
    }
    moments.append(moment)
  }

  /// How it stands now, with the test examples.
  public var last: Moment {
    Moment(
      step: run.state.step, validation: Score(run.evaluate(validation)), test: Score(run.evaluate(test)),
      values: run.values)
  }
}
