public import TuningModel

/// The tuners and stopping rules that a server offers.
public struct TunerList: WireForm, Hashable {
  /// The tuners, in the order in which they are considered for a study that names none.
  public var tuners: [TunerDescription]
  /// The rules that stop unpromising trials.
  public var stoppingRules: [TunerDescription]

  /// Creates a list.
  public init(_ tuners: [TunerDescription], stoppingRules: [TunerDescription]) {
    self.tuners = tuners
    self.stoppingRules = stoppingRules
  }

  /// Reads a list; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let tuners = object.required("tuners").flatMap(Self.descriptions)
    let rules = object.required("stopping_rules").flatMap(Self.descriptions)
    object.finish()
    guard let tuners, let rules else { return nil }
    self.init(tuners, stoppingRules: rules)
  }

  private static func descriptions(reading reader: JSONReader) -> [TunerDescription]? {
    reader.sound { reader.array()?.compactMap(TunerDescription.init(reading:)) }
  }

  /// The list as JSON.
  public var json: JSONValue {
    ["tuners": .array(tuners.map(\.json)), "stopping_rules": .array(stoppingRules.map(\.json))]
  }
}
