/// The values that led to a study's best trial, step by step: what population-based training finds, and self-tuning.
///
/// Its product is this together with the trained state, not one point of the space.
public struct ParameterSchedule: Hashable, Sendable {
  /// The best trial.
  public var trial: TrialNumber
  /// The member that it is of; `nil` for one that stands by itself.
  public var member: Int?
  /// Where workers find its state, where it was told.
  public var checkpoint: String?
  /// The steps of training behind it, where they are known.
  public var steps: Int?
  /// From which step on it trained with which values; the first at step 0, neighbours differ.
  public var stages: [Stage]
  /// The trials that it went through, from the first on.
  public var lineage: [Link]

  /// Values that hold from a step on.
  public struct Stage: Hashable, Sendable {
    /// The step.
    public var step: Int
    /// The values of all active parameters.
    public var parameters: Parameters

    /// Creates a stage.
    public init(step: Int, _ parameters: Parameters) {
      self.step = step
      self.parameters = parameters
    }
  }

  /// A trial, or a part of one, with the steps that it covers in its own count.
  public struct Link: Hashable, Sendable {
    /// The trial.
    public var trial: TrialNumber
    /// Its member.
    public var member: Int?
    /// Its steps.
    public var stepFrom, stepTo: Int
    /// The values that it trained with.
    public var parameters: Parameters

    /// Creates a link.
    public init(_ trial: TrialNumber, member: Int?, stepFrom: Int, stepTo: Int, _ parameters: Parameters) {
      self.trial = trial
      self.member = member
      self.stepFrom = stepFrom
      self.stepTo = stepTo
      self.parameters = parameters
    }
  }

  /// Puts a schedule together from the trials that led to its end.
  public init(of trial: Trial, through lineage: [Link]) {
    self.trial = trial.number
    member = trial.resume?.member
    checkpoint = trial.measurement?.checkpoint
    self.lineage = lineage
    stages = []
    var step = 0
    for link in lineage {
      if stages.last?.parameters != link.parameters { stages.append(Stage(step: step, link.parameters)) }
      step += link.stepTo - link.stepFrom
    }
    steps = lineage.isEmpty ? nil : step
    if stages.isEmpty { stages = [Stage(step: 0, trial.parameters)] }
  }

  /// Creates a schedule from its parts.
  public init(
    trial: TrialNumber, member: Int?, checkpoint: String?, steps: Int?, stages: [Stage], lineage: [Link]
  ) {
    self.trial = trial
    self.member = member
    self.checkpoint = checkpoint
    self.steps = steps
    self.stages = stages
    self.lineage = lineage
  }
}
