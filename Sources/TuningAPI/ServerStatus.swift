public import TuningModel

/// How a server says that it is.
public enum ServerStatus: String, WireForm, CaseIterable {
  /// The process answers.
  case alive
  /// It takes requests.
  case ready

  /// Reads a status; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let status = object.required("status")?.choice(of: ServerStatus.self)
    object.finish()
    guard let status else { return nil }
    self = status
  }

  /// The status as JSON.
  public var json: JSONValue { ["status": .string(rawValue)] }
}
