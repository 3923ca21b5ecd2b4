public import TuningModel

/// Checkpoints that a client has deleted; the answer repeats them.
public struct DeletedCheckpoints: WireForm, Hashable {
  /// Their names.
  public var checkpoints: [String]

  /// Creates a list.
  public init(_ checkpoints: [String]) { self.checkpoints = checkpoints }

  /// Reads a list; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let names = object.required("deleted").flatMap { reader in
      reader.sound { reader.array()?.compactMap { $0.string() } }
    }
    object.finish()
    guard let names else { return nil }
    self.init(names)
  }

  /// The list as JSON.
  public var json: JSONValue { ["deleted": .array(checkpoints.map(JSONValue.string))] }
}
