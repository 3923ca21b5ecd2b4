public import TuningModel

/// A trial as the worker that holds it receives it: with the token of its lease.
public struct LeasedTrial: WireForm, Hashable {
  /// The trial.
  public var trial: Trial

  /// Wraps a trial.
  public init(_ trial: Trial) { self.trial = trial }

  /// Reads a trial, which must have a lease with its token; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let trial = Trial(reading: reader),
      reader.object()?.required("lease")?.object()?.required("token") != nil
    else { return nil }
    self.trial = trial
  }

  /// The trial as JSON with its lease.
  public var json: JSONValue {
    var fields = trial.fields
    fields["lease"] = trial.lease?.json
    return .object(fields)
  }
}
