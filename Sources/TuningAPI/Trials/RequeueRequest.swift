public import TuningModel

/// A worker's wish to be rid of a trial.
public struct RequeueRequest: WireForm, Hashable {
  /// The token of the lease; `nil` where the worker holds none any more.
  public var leaseToken: String?
  /// Why, in the worker's own words.
  public var reason: String?

  /// Creates a wish.
  public init(leaseToken: String? = nil, reason: String? = nil) {
    self.leaseToken = leaseToken
    self.reason = reason
  }

  /// Reads a wish; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    leaseToken = object.optional("lease_token")?.string()
    reason = object.optional("reason")?.string()
    object.finish()
  }

  /// The wish as JSON.
  public var json: JSONValue {
    .object(omittingNil: ["lease_token": leaseToken.map(JSONValue.string), "reason": reason.map(JSONValue.string)])
  }
}
