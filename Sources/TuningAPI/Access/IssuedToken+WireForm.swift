public import TuningModel

extension IssuedToken: WireForm {
  /// Reads a token with its secret; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let secret = object.required("token")
    let token = AccessToken(reading: object)
    object.finish()
    guard let secret, let token, let text = secret.string() else { return nil }
    guard let credential = AccessCredential(text: text), credential.id == token.id else {
      secret.refuse("Is not the text of this access token.")
      return nil
    }
    self.init(token, credential: credential)
  }

  /// The token as JSON, its secret included.
  public var json: JSONValue {
    .object(omittingNil: token.fields.merging(["token": .string(credential.text)]) { $1 })
  }
}
