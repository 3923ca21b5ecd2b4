public import TuningModel

extension AskRequest: WireForm {
  /// Reads what a worker asks for; notes mistakes of form.
  ///
  /// Whether it can be had, the engine says.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let request = reader.sound {
      AskRequest(
        count: object.optional("count")?.integer() ?? 1,
        worker: object.optional("worker")?.string(),
        leaseSeconds: object.optional("lease_seconds")?.number(),
        fixed: object.optional("fixed").flatMap(Parameters.init(reading:)) ?? [:])
    }
    object.finish()
    guard let request else { return nil }
    self = request
  }

  /// The request as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "count": .integer(count), "worker": worker.map(JSONValue.string),
      "lease_seconds": leaseSeconds.map(JSONValue.number), "fixed": fixed.isEmpty ? nil : fixed.json,
    ])
  }
}
