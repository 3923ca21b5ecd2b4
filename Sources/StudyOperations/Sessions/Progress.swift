import TuningModel

/// How far the trials that are not in a final state have come: a fold over the events.
struct Progress: Sendable {
  /// The reports on one trial.
  struct Entry: Hashable, Sendable {
    /// The last one.
    var last: TrialReport
    /// How many there are, in all attempts.
    var count: Int
  }

  private var entries: [TrialNumber: Entry] = [:]

  /// The reports on a trial; `nil` where there are none, or where it has ended.
  subscript(trial: TrialNumber) -> Entry? { entries[trial] }

  /// The last measurement of a trial, as it becomes that of a pruned one.
  func lastMeasurement(of trial: TrialNumber) -> Measurement? {
    var last = entries[trial]?.last.measurement
    last?.checkpoint = nil
    return last
  }

  /// Takes in an event.
  mutating func observe(_ event: TrialEvent) {
    switch event.kind {
    case .reported(let report):
      entries[event.trial] = Entry(last: report, count: (entries[event.trial]?.count ?? 0) + 1)
    case .completed, .pruned, .infeasible, .failed: entries[event.trial] = nil
    case .enqueued, .started, .requeued, .corrected, .excluded: break
    }
  }
}

extension Progress {
  /// The entries as JSON.
  var json: JSONValue {
    .array(
      entries.sorted { $0.key < $1.key }.map { trial, entry in
        ["trial": .integer(trial), "last": entry.last.json, "count": .integer(entry.count)]
      })
  }

  /// Reads what `json` wrote; notes mistakes.
  init?(reading reader: JSONReader) {
    for reader in reader.array() ?? [] {
      guard let object = reader.object(), let trial = object.required("trial")?.integer(),
        let last = object.required("last").flatMap(TrialReport.init(reading:)),
        let count = object.required("count")?.integer()
      else { return nil }
      entries[trial] = Entry(last: last, count: count)
    }
  }
}
