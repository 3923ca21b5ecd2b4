public import TuningModel

/// Trials to be added.
public struct EnqueueRequest: WireForm, Hashable {
  /// The trials.
  public var trials: [EnqueuedTrial]

  /// Creates a request.
  public init(_ trials: [EnqueuedTrial]) { self.trials = trials }

  /// Reads trials; notes mistakes of form.
  ///
  /// Whether their parameters are of the study's space, the engine says.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let trials = object.required("trials").flatMap { reader in
      reader.sound { reader.array()?.compactMap(EnqueuedTrial.init(reading:)) }
    }
    object.finish()
    guard let trials else { return nil }
    self.init(trials)
  }

  /// The trials as JSON.
  public var json: JSONValue { ["trials": .array(trials.map(\.json))] }
}

extension EnqueuedTrial {
  private static let waiting = JSONValue.string(TrialState.waiting.rawValue)

  /// Reads a trial; one without a state and without metrics, or with the state `waiting`, is to be tried.
  fileprivate init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let parameters = object.required("parameters").flatMap { reader in reader.sound { Parameters(reading: reader) } }
    let state = object.optional("state")
    let isToBeTried = state.map { $0.value == Self.waiting } ?? (object.optional("metrics") == nil)
    let outcome = isToBeTried ? nil : TrialResult.Outcome(reading: object)
    var measurements: [Measurement]? = []
    if !isToBeTried, let reader = object.optional("measurements") {
      measurements = reader.sound {
        reader.array()?.compactMap { reader in
          reader.object().flatMap { object in
            defer { object.finish() }
            return Measurement(readingReport: object)
          }
        }
      }
    }
    object.finish()
    guard let parameters, let measurements, isToBeTried || outcome != nil else { return nil }
    self.init(parameters, outcome: outcome, measurements: measurements)
  }

  fileprivate var json: JSONValue {
    var fields = outcome?.fields ?? [:]
    fields["parameters"] = parameters.json
    if !measurements.isEmpty { fields["measurements"] = .array(measurements.map { .object($0.reportFields) }) }
    return .object(fields)
  }
}
