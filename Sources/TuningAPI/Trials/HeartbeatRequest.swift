public import TuningModel

/// A worker's sign of life.
public struct HeartbeatRequest: WireForm, Hashable {
  /// The token of the lease to extend.
  public var leaseToken: String
  /// How long the worker may stay silent from now on; `nil` for the lease's own length.
  public var leaseSeconds: Double?

  /// Creates a sign of life.
  public init(leaseToken: String, leaseSeconds: Double? = nil) {
    self.leaseToken = leaseToken
    self.leaseSeconds = leaseSeconds
  }

  /// Reads a sign of life; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let token = object.required("lease_token")?.string()
    let seconds = object.optional("lease_seconds")?.leaseSeconds()
    object.finish()
    guard let token else { return nil }
    self.init(leaseToken: token, leaseSeconds: seconds)
  }

  /// The sign of life as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "lease_token": .string(leaseToken), "lease_seconds": leaseSeconds.map(JSONValue.number),
    ])
  }
}
