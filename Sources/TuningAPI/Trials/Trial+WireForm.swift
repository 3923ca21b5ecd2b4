public import TuningModel

extension Trial: WireForm {
  /// Reads a trial; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let number = object.required("number")?.integer(in: 1...Int.exactRange.upperBound)
    let state = object.required("state")?.choice(of: TrialState.self)
    let parameters = object.required("parameters").flatMap(Parameters.init(reading:))
    let origin = object.required("origin").flatMap(SuggestionOrigin.init(reading:))
    let request = object.optional("request").flatMap(OracleRequest.init(reading:))
    let resume = object.optional("resume").flatMap(Resume.init(reading:))
    var measurement = object.optional("metrics") == nil ? nil : Measurement(readingFinal: object)
    measurement?.interval = object.optional("interval").flatMap(ObjectiveInterval.init(reading:))
    let reason = object.optional("reason")?.string()
    let worker = object.optional("worker")?.string()
    let attempt = object.required("attempt")?.integer(in: 0...Int.exactRange.upperBound)
    let lostLeases = object.required("lost_leases")?.integer(in: 0...Int.exactRange.upperBound)
    let lease = object.optional("lease").flatMap(Lease.init(reading:))
    let createdAt = object.required("created_at")?.timestamp()
    let startedAt = object.required("started_at")?.timestamp()
    let finishedAt = object.optional("finished_at")?.timestamp()
    let excludedAt = object.optional("excluded_at")?.timestamp()
    let revision = object.required("revision")?.integer(in: 0...Int.exactRange.upperBound)
    let measurements = object.optional("measurements")?.array()?.compactMap { reader in
      reader.object().flatMap { object in
        defer { object.finish() }
        return Measurement(readingReport: object)
      }
    }
    object.finish()
    guard reader.mistakes.all.count == before, let number, let state, let parameters, let origin, let attempt,
      let lostLeases, let createdAt, let startedAt, let revision
    else { return nil }
    self.init(
      number: number, state: state, reason: reason, parameters: parameters, origin: origin, request: request,
      resume: resume, measurement: measurement, worker: worker, attempt: attempt, lostLeases: lostLeases, lease: lease,
      createdAt: createdAt,
      startedAt: startedAt, finishedAt: finishedAt, excludedAt: excludedAt, revision: revision,
      measurements: measurements ?? [])
  }

  /// The trial as JSON without the token of its lease, which is a secret of the worker that holds it.
  public var json: JSONValue { .object(fields) }

  /// The fields of `json`.
  var fields: [String: JSONValue] {
    var fields = measurement?.fields ?? [:]
    fields["checkpoint"] = measurement?.checkpoint.map(JSONValue.string)
    fields["oracle"] = measurement?.oracle?.json
    fields["interval"] = measurement?.interval?.json
    fields["request"] = request?.json
    fields["resume"] = resume?.json
    fields["number"] = .integer(number)
    fields["state"] = .string(state.rawValue)
    fields["reason"] = reason.map(JSONValue.string)
    fields["parameters"] = parameters.json
    fields["origin"] = origin.json
    fields["worker"] = worker.map(JSONValue.string)
    fields["attempt"] = .integer(attempt)
    fields["lost_leases"] = .integer(lostLeases)
    fields["lease"] = lease?.jsonWithoutToken
    fields["created_at"] = .string(createdAt.text)
    fields["started_at"] = .string(startedAt.text)
    fields["finished_at"] = finishedAt.map { .string($0.text) }
    fields["excluded_at"] = excludedAt.map { .string($0.text) }
    fields["revision"] = .integer(revision)
    if !measurements.isEmpty { fields["measurements"] = .array(measurements.map { .object($0.reportFields) }) }
    return fields
  }
}
