public import TuningModel

/// A trial as the worker that holds it receives it: with its lease.
public struct LeasedTrial: WireForm, Hashable {
  /// The trial.
  public var trial: Trial

  /// Wraps a trial.
  public init(_ trial: Trial) { self.trial = trial }

  /// Reads a trial, which must have a lease; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let trial = Trial(reading: reader) else { return nil }
    if trial.lease == nil {
      _ = reader.object()?.required("lease")
      return nil
    }
    self.trial = trial
  }

  /// The trial as JSON with its lease.
  public var json: JSONValue {
    var fields = trial.fields
    fields["lease"] = trial.lease?.json
    return .object(fields)
  }
}
