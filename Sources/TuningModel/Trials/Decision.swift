/// What a worker is to do with its trial after a measurement.
///
/// A client that does not know one says so instead of taking it for another.
public enum Decision: Hashable, Sendable {
  /// It goes on.
  case `continue`
  /// It ends the trial, which the stopping rule has found unpromising.
  case stop
  /// It goes on from another trial's state, with new parameters.
  case exploit(Exploit)

  /// The name on the wire and in the log.
  public var action: String {
    switch self {
    case .continue: "continue"
    case .stop: "stop"
    case .exploit: "exploit"
    }
  }
}

extension Decision {
  /// Reads a decision; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let action = object.required("action")
    guard let name = action?.string() else { return nil }
    switch name {
    case "continue": self = .continue
    case "stop": self = .stop
    case "exploit":
      guard let exploit = Exploit(reading: object) else { return nil }
      self = .exploit(exploit)
    default:
      action?.refuse("Is none of the actions known here: continue, stop, exploit.")
      return nil
    }
    object.finish()
  }

  /// The decision as JSON.
  public var json: JSONValue {
    var fields: [String: JSONValue] = ["action": .string(action)]
    if case .exploit(let exploit) = self { fields.merge(exploit.fields) { $1 } }
    return .object(fields)
  }
}
