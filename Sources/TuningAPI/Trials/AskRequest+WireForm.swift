public import TuningModel

extension AskRequest: WireForm {
  /// Reads what a worker asks for; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let request = reader.sound {
      AskRequest(
        count: object.optional("count")?.integer(in: 1...1_000) ?? 1,
        worker: object.optional("worker")?.string(lengths: 1...256),
        leaseSeconds: object.optional("lease_seconds")?.leaseSeconds())
    }
    object.finish()
    guard let request else { return nil }
    self = request
  }

  /// The request as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "count": .integer(count), "worker": worker.map(JSONValue.string),
      "lease_seconds": leaseSeconds.map(JSONValue.number),
    ])
  }
}
