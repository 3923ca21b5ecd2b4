public import TuningModel

/// Several final results.
public struct TellManyRequest: WireForm, Hashable {
  /// The results.
  public var results: [ToldResult]

  /// Creates a request.
  public init(_ results: [ToldResult]) { self.results = results }

  /// Reads results; notes mistakes of form.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let results = object.required("results").flatMap { reader in
      reader.sound { reader.array()?.compactMap(ToldResult.init(reading:)) }
    }
    object.finish()
    guard let results else { return nil }
    self.init(results)
  }

  /// The results as JSON.
  public var json: JSONValue { ["results": .array(results.map(\.json))] }
}

extension ToldResult {
  fileprivate init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let number = object.required("number")?.integer(in: 1...Int.exactRange.upperBound)
    let outcome = TrialResult.Outcome(reading: object)
    let token = object.optional("lease_token").map { $0.string() }
    object.finish()
    guard let number, let outcome, token != .some(nil) else { return nil }
    self.init(number, TrialResult(outcome, leaseToken: token ?? nil))
  }

  fileprivate var json: JSONValue {
    var fields = result.outcome.fields
    fields["lease_token"] = result.leaseToken.map(JSONValue.string)
    fields["number"] = .integer(trial)
    return .object(fields)
  }
}
