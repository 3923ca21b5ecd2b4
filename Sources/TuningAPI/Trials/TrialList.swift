public import TuningModel

/// The trials that a write has changed or added, in its order.
public struct TrialList: WireForm, Hashable {
  /// The trials.
  public var trials: [Trial]

  /// Creates a list.
  public init(_ trials: [Trial]) { self.trials = trials }

  /// Reads a list; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let trials = object.required("trials").flatMap { reader in
      reader.sound { reader.array()?.compactMap(Trial.init(reading:)) }
    }
    object.finish()
    guard let trials else { return nil }
    self.init(trials)
  }

  /// The list as JSON.
  public var json: JSONValue { ["trials": .array(trials.map(\.json))] }
}
