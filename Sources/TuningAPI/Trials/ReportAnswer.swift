public import TuningModel

/// What is to become of a trial after a measurement.
public struct ReportAnswer: WireForm, Hashable {
  /// The decision.
  public var decision: Decision

  /// Creates an answer.
  public init(_ decision: Decision) { self.decision = decision }

  /// Reads an answer; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let decision = object.required("decision").flatMap(Decision.init(reading:))
    object.finish()
    guard let decision else { return nil }
    self.init(decision)
  }

  /// The answer as JSON.
  public var json: JSONValue { ["decision": decision.json] }
}
