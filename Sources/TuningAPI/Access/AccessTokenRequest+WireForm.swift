public import TuningModel

extension AccessTokenRequest: WireForm {
  /// Reads a request; notes mistakes of form.
  ///
  /// Whether it can be granted, `AccessClient.createToken` says.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let request = reader.sound {
      () -> AccessTokenRequest? in
      let name = object.required("name")?.string()
      let scopes = object.required("scopes").flatMap(Set<AccessScope>.init(reading:))
      let prefix = object.optional("study_prefix")?.string()
      let expiresAt = object.optional("expires_at")?.timestamp()
      guard let name, let scopes else { return nil }
      return AccessTokenRequest(name: name, scopes: scopes, studyPrefix: prefix, expiresAt: expiresAt)
    }
    object.finish()
    guard let request else { return nil }
    self = request
  }

  /// The request as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "name": .string(name), "scopes": scopes.json, "study_prefix": studyPrefix.map(JSONValue.string),
      "expires_at": expiresAt.map { .string($0.text) },
    ])
  }
}
