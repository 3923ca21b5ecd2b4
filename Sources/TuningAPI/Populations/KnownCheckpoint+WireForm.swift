public import TuningModel

extension KnownCheckpoint: ListedWireForm {
  /// The name of the field that lists such values.
  public static var listName: String { "checkpoints" }

  /// Reads a checkpoint; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let checkpoint = object.required("checkpoint")?.string()
    let trial = object.required("trial")?.integer(in: 1...Int.exactRange.upperBound)
    let step = object.optional("step")?.integer()
    let state = object.required("state")?.choice(of: State.self)
    object.finish()
    guard reader.mistakes.all.count == before, let checkpoint, let trial, let state else { return nil }
    self.init(checkpoint, of: trial, step: step, state: state)
  }

  /// The checkpoint as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "checkpoint": .string(checkpoint), "trial": .integer(trial), "step": step.map(JSONValue.integer),
      "state": .string(state.rawValue),
    ])
  }
}
