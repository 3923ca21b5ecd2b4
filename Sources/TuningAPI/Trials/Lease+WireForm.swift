public import TuningModel

extension Lease: WireForm {
  /// Reads a lease; notes mistakes.
  ///
  /// Without a token, which only its holder is told, that is empty.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let token = object.optional("token").map { $0.string() } ?? ""
    let expiresAt = object.required("expires_at")?.timestamp()
    object.finish()
    guard let token, let expiresAt else { return nil }
    self.init(token: token, expiresAt: expiresAt)
  }

  /// The lease as JSON, its secret token included.
  public var json: JSONValue { ["token": .string(token), "expires_at": .string(expiresAt.text)] }

  /// The lease for those who do not hold it.
  var jsonWithoutToken: JSONValue { ["expires_at": .string(expiresAt.text)] }
}
