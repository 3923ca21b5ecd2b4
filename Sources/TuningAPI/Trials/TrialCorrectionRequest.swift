public import TuningModel

/// How a finished trial ended after all.
public struct TrialCorrectionRequest: WireForm, Hashable {
  /// The end that counts.
  public var outcome: TrialResult.Outcome

  /// Creates a request.
  public init(_ outcome: TrialResult.Outcome) { self.outcome = outcome }

  /// Reads a correction; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let outcome = TrialResult.Outcome(reading: object)
    object.finish()
    guard let outcome else { return nil }
    self.init(outcome)
  }

  /// The correction as JSON.
  public var json: JSONValue { .object(outcome.fields) }
}
