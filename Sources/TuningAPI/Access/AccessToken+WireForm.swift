public import TuningModel

extension AccessToken: WireForm {
  /// Reads a token; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object(), let token = AccessToken(reading: object) else { return nil }
    object.finish()
    self = token
  }

  /// Reads the fields of a token, and leaves others.
  init?(reading object: JSONObjectReader) {
    let id = object.required("id")?.string()
    let name = object.required("name")?.string()
    let scopes = object.required("scopes").flatMap(Set<AccessScope>.init(reading:))
    let prefix = object.optional("study_prefix")?.string()
    let createdAt = object.required("created_at")?.timestamp()
    let expiresAt = object.optional("expires_at")?.timestamp()
    let revokedAt = object.optional("revoked_at")?.timestamp()
    let lastUsedAt = object.optional("last_used_at")?.timestamp()
    guard let id, let name, let scopes, let createdAt else { return nil }
    self.init(
      id: id, name: name, scopes: scopes, studyPrefix: prefix, createdAt: createdAt, expiresAt: expiresAt,
      revokedAt: revokedAt, lastUsedAt: lastUsedAt)
  }

  /// The token as JSON.
  public var json: JSONValue { .object(omittingNil: fields) }

  var fields: [String: JSONValue?] {
    func moment(_ time: Timestamp?) -> JSONValue? { time.map { .string($0.text) } }
    return [
      "id": .string(id), "name": .string(name), "scopes": scopes.json,
      "study_prefix": studyPrefix.map(JSONValue.string), "created_at": moment(createdAt),
      "expires_at": moment(expiresAt), "revoked_at": moment(revokedAt), "last_used_at": moment(lastUsedAt),
    ]
  }
}

extension AccessToken: ListedWireForm {
  /// The name of the field that lists such values.
  public static var listName: String { "tokens" }
}

extension Set<AccessScope> {
  /// Reads scopes; notes mistakes.
  init?(reading reader: JSONReader) {
    let scopes = reader.sound { reader.array()?.compactMap { $0.choice(of: AccessScope.self) } }
    guard let scopes else { return nil }
    self.init(scopes)
  }

  /// The scopes in the order of their rights.
  var json: JSONValue { .array(AccessScope.allCases.filter(contains).map { .string($0.rawValue) }) }
}
