import TuningModel

/// A search from new starting points, beside one that has come to an end.
///
/// A model whose trials crowd about one minimum is sure of the rest of the space, rightly or not. A restart knows its own
/// trials alone, begins with a design of its own, and is over when it expects nothing of any point either. Its trials are
/// trials of the study like others: the search that it belongs to learns from them. One restart follows another for as long
/// as none of them brings an improvement, so that with time every basin is found that one of them leads to.
struct Restart: Sendable {
  /// 1, 2, 3, … in the order of their beginnings.
  let index: Int
  /// Whether it expects nothing of any point any more.
  private(set) var isOver: Bool
  private var tuner: BayesianTuner

  /// Where the index stands in the origin of a restart's trials.
  fileprivate static let indexKey = "restart"
  /// Where the origin of its last trial says that it is one.
  static let overKey = "settled"

  /// The restart after another, or the first one.
  init(after last: Restart?, of tuner: BayesianTuner) {
    self.init(index: (last?.index ?? 0) + 1, of: tuner)
  }

  private init(index: Int, isOver: Bool = false, of tuner: BayesianTuner) {
    self.index = index
    self.isOver = isOver
    self.tuner = tuner.emptied
  }

  /// Its next suggestion; no trial of the search that it belongs to is repeated.
  func suggestion(
    _ number: TrialNumber, seed: StudySeed, in region: FeasibleRegion, besides outer: TrialHistory
  ) throws(TunerError) -> Suggestion {
    var tuner = tuner
    tuner.outer = outer
    tuner.region = region
    var suggestion = try tuner.next(number, seed: seed)
    suggestion.origin.details = suggestion.origin.details.setting(Self.indexKey, to: .integer(index))
    return suggestion
  }

  // MARK: The fold

  /// The restart that made a suggestion, where one did.
  static func index(_ suggestion: Suggestion) -> Int? {
    guard case .number(let index)? = suggestion.origin.details?[indexKey] else { return nil }
    return Int(exactly: index)
  }

  /// Takes an event into the newest restart, which it may begin.
  static func observe(_ event: TrialEvent, in restarts: inout [Restart], of tuner: BayesianTuner) {
    if case .started(let suggestion, _, let attempt) = event.kind, attempt == 1, let index = index(suggestion) {
      if restarts.last?.index != index { restarts = [Restart(index: index, of: tuner)] }
      restarts[0].tuner.observe(TrialEvent(event.trial, .started(suggestion.ofItsOwn, worker: nil, attempt: 1)))
      restarts[0].isOver = suggestion.origin.details?[overKey] == true
    } else if restarts.last?.tuner.history.knows(event.trial) == true {
      restarts[0].tuner.observe(event)
    }
  }

  // MARK: Snapshots

  /// The state as JSON.
  var json: JSONValue { ["index": .integer(index), "over": .bool(isOver), "tuner": tuner.snapshot] }

  /// Reads a restart of a tuner; notes mistakes.
  init?(reading reader: JSONReader, of tuner: BayesianTuner) {
    guard let object = reader.object() else { return nil }
    let index = object.required("index")?.integer()
    let isOver = object.required("over")?.bool()
    let state = object.required("tuner")
    object.finish()
    guard let index, let isOver, let state else { return nil }
    self.init(index: index, isOver: isOver, of: tuner)
    do {
      try self.tuner.restore(state.value)
    } catch {
      state.refuse("Is no state of a search.")
      return nil
    }
  }
}

extension Suggestion {
  /// The suggestion as the restart's own search knows it, which is no restart of itself.
  fileprivate var ofItsOwn: Suggestion {
    var own = self
    own.origin.details = origin.details.setting(Restart.indexKey, to: nil)
    return own
  }
}

extension JSONValue? {
  /// The object with a field set or taken out.
  fileprivate func setting(_ key: String, to value: JSONValue?) -> JSONValue {
    var fields: [String: JSONValue] = [:]
    if case .object(let own)? = self { fields = own }
    fields[key] = value
    return .object(fields)
  }
}
