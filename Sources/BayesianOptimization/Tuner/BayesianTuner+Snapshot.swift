import GaussianProcesses
public import TuningModel

extension BayesianTuner {
  private static let snapshotVersion = 4

  /// The trials, their courses, the last fits and the newest restart, as JSON.
  public var snapshot: JSONValue {
    .object(omittingNil: [
      "version": .integer(Self.snapshotVersion), "trials": .array(history.entries.map(\.json)),
      "courses": courses.json, "fits": .object(Dictionary(uniqueKeysWithValues: fits.map { ($0.rawValue, $1.json) })),
      "restart": restarts.last?.json,
    ])
  }

  /// Takes up a snapshot in a tuner that has observed nothing.
  ///
  /// - Throws: `InvalidInput` when the snapshot is of another version or not of this study's space.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    let restored = try JSONReader.read(snapshot) {
      reader -> (TrialHistory, TrialCourses, [OutputWarping: FitRecord], [Restart])? in
      guard let object = reader.object() else { return nil }
      let versionReader = object.required("version")
      if versionReader?.integer() != Self.snapshotVersion { versionReader?.refuse("Is another version.") }
      var history = TrialHistory()
      for reader in object.required("trials")?.array() ?? [] { history.restore(reader, encoding.encoding) }
      let courses = object.required("courses").flatMap(TrialCourses.init(reading:))
      let fits = object.required("fits").map { restoredFits(from: $0) } ?? [:]
      let restart = object.optional("restart").flatMap { Restart(reading: $0, of: self) }
      object.finish()
      return courses.map { (history, $0, fits, restart.map { [$0] } ?? []) }
    }
    (history, courses, fits, restarts) = restored
  }

  /// The fits in a snapshot; notes mistakes.
  private func restoredFits(from reader: JSONReader) -> [OutputWarping: FitRecord] {
    var fits: [OutputWarping: FitRecord] = [:]
    guard let object = reader.object() else { return fits }
    for warping in OutputWarping.allCases {
      guard let fitReader = object.optional(warping.rawValue), let fit = FitRecord(reading: fitReader) else { continue }
      if fit.hyperparameters.logLengthscales.count != encoding.layout.count { fitReader.refuse("Is of another space.") }
      fits[warping] = fit
    }
    object.finish()
    return fits
  }
}

extension TrialHistory.Entry {
  fileprivate var json: JSONValue {
    var fields: [String: JSONValue] = ["number": .integer(number), "parameters": parameters.json]
    switch outcome {
    case .pending: fields["outcome"] = "pending"
    case .pruned: fields["outcome"] = "pruned"
    case .infeasible: fields["outcome"] = "infeasible"
    case .failed: fields["outcome"] = "failed"
    case .excluded: fields["outcome"] = "excluded"
    case .value(let value, let error):
      fields["outcome"] = .number(value)
      fields["standard_error"] = error.map(JSONValue.number)
    }
    return .object(fields)
  }
}

extension TrialHistory {
  /// Adds a trial from a snapshot; notes mistakes.
  fileprivate mutating func restore(_ reader: JSONReader, _ encoding: UnitCubeEncoding) {
    guard let object = reader.object() else { return }
    let number = object.required("number")?.integer()
    let parameters = object.required("parameters").flatMap(encoding.space.values(reading:))
    let error = object.optional("standard_error")?.number()
    let outcomeReader = object.required("outcome")
    object.finish()
    guard let number, let parameters, let outcomeReader else { return }
    start(number, parameters, at: encoding.encode(parameters))
    switch outcomeReader.value {
    case .string("pending"): break
    case .string("pruned"): finish(number, .pruned)
    case .string("infeasible"): finish(number, .infeasible)
    case .string("failed"): finish(number, .failed)
    case .string("excluded"): finish(number, .excluded)
    case .number(let value): finish(number, .value(value, standardError: error))
    default: outcomeReader.refuse("Is no outcome.")
    }
  }
}
