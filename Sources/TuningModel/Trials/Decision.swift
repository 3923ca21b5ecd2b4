/// What a worker is to do with its trial after a measurement.
///
/// Further kinds belong here: new parameters, or another trial to go on from. A client that does not know one says so
/// instead of taking it for another.
public enum Decision: Hashable, Sendable {
  /// It goes on.
  case `continue`
  /// It ends the trial, which the stopping rule has found unpromising.
  case stop

  /// The name on the wire and in the log.
  public var action: String {
    switch self {
    case .continue: "continue"
    case .stop: "stop"
    }
  }
}

extension Decision {
  /// Reads a decision; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let action = object.required("action")
    guard let name = action?.string() else { return nil }
    guard let decision = [Decision.continue, .stop].first(where: { $0.action == name }) else {
      action?.refuse("Is none of the actions known here: continue, stop.")
      return nil
    }
    object.finish()
    self = decision
  }

  /// The decision as JSON.
  public var json: JSONValue { ["action": .string(action)] }
}
