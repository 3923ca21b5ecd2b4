public import TuningModel

/// The tuners that a server offers.
public struct TunerList: WireForm, Hashable {
  /// The tuners, in the order in which they are considered for a study that names none.
  public var tuners: [TunerDescription]

  /// Creates a list.
  public init(_ tuners: [TunerDescription]) { self.tuners = tuners }

  /// Reads a list; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let tuners = object.required("tuners").flatMap { reader in
      reader.sound { reader.array()?.compactMap(TunerDescription.init(reading:)) }
    }
    object.finish()
    guard let tuners else { return nil }
    self.tuners = tuners
  }

  /// The list as JSON.
  public var json: JSONValue { ["tuners": .array(tuners.map(\.json))] }
}
