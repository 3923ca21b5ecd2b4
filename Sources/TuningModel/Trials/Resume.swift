/// The part of one member's training that a trial is, and where it begins.
///
/// A member of a population trains from `stepFrom` to `stepTo` steps, from scratch or from what an earlier trial left.
/// - Source: Jaderberg et al. 2017, "Population based training of neural networks".
public struct Resume: Hashable, Sendable {
  /// The member, counted from 0.
  public var member: Int
  /// How many trials the member had before, whatever came of them.
  public var generation: Int
  /// The completed trial whose state is gone on from; `nil` from scratch.
  public var fromTrial: TrialNumber?
  /// Where workers find that state; `nil` from scratch.
  public var checkpoint: String?
  /// The steps that this state has, and those that the member is to have at the end; in the user's own steps.
  public var stepFrom, stepTo: Int

  /// Creates a part.
  public init(
    member: Int, generation: Int, fromTrial: TrialNumber? = nil, checkpoint: String? = nil, stepFrom: Int, stepTo: Int
  ) {
    self.member = member
    self.generation = generation
    self.fromTrial = fromTrial
    self.checkpoint = checkpoint
    self.stepFrom = stepFrom
    self.stepTo = stepTo
  }
}

extension Resume {
  /// Reads what `json` wrote; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let member = object.required("member")?.integer(in: 0...Int.exactRange.upperBound)
    let generation = object.required("generation")?.integer(in: 0...Int.exactRange.upperBound)
    let fromTrial = object.optional("from_trial")?.integer(in: 1...Int.exactRange.upperBound)
    let checkpoint = object.optional("checkpoint")?.string()
    let stepFrom = object.required("step_from")?.integer(in: 0...Int.exactRange.upperBound)
    let stepTo = object.required("step_to")?.integer(in: 0...Int.exactRange.upperBound)
    object.finish()
    guard reader.mistakes.all.count == before, let member, let generation, let stepFrom, let stepTo else { return nil }
    if stepTo <= stepFrom { object.refuse("step_to", "Must be above step_from.") }
    if (fromTrial == nil) != (checkpoint == nil) {
      object.refuse("checkpoint", "Belongs to from_trial: both are there, or neither.")
    }
    if reader.mistakes.all.count > before { return nil }
    self.init(
      member: member, generation: generation, fromTrial: fromTrial, checkpoint: checkpoint, stepFrom: stepFrom,
      stepTo: stepTo)
  }

  /// The part as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "member": .integer(member), "generation": .integer(generation), "from_trial": fromTrial.map(JSONValue.integer),
      "checkpoint": checkpoint.map(JSONValue.string), "step_from": .integer(stepFrom), "step_to": .integer(stepTo),
    ])
  }
}
