public import TuningModel

/// An intermediate measurement of a trial under way.
public struct ReportRequest: WireForm, Hashable {
  /// What was measured; it has a step.
  public var measurement: Measurement
  /// The token of the lease, which is renewed.
  public var leaseToken: String

  /// Creates a request.
  public init(_ measurement: Measurement, leaseToken: String) {
    self.measurement = measurement
    self.leaseToken = leaseToken
  }

  /// Reads a request; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let measurement = Measurement(readingReport: object)
    let token = object.required("lease_token")?.string()
    object.finish()
    guard let measurement, let token else { return nil }
    self.init(measurement, leaseToken: token)
  }

  /// The request as JSON.
  public var json: JSONValue {
    .object(measurement.reportFields.merging(["lease_token": .string(leaseToken)]) { $1 })
  }
}
