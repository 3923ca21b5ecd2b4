import TuningModel

/// What a study's events come to, besides its roster: the tuner and the stopping rule that have observed them, and how far
/// trials under way have come.
struct Fold: Sendable {
  /// The definition that the study was created with, which a later change of budget does not alter: the same
  /// events always come to the same tuner.
  let definition: StudyDefinition
  private(set) var tuner: any Tuner
  private(set) var stopping: (any StoppingRule)?
  private(set) var progress = Progress()
  /// The last event that was taken in.
  private(set) var sequence = 0
  /// The last event that came from the end of a trial's evaluation, rather than from handing it out or from its course; at least the last one of the
  /// snapshot that the fold started from.
  private(set) var lastResult = 0

  init(_ definition: StudyDefinition, _ tuner: any Tuner, _ stopping: (any StoppingRule)?) {
    self.definition = definition
    self.tuner = tuner
    self.stopping = stopping
  }

  /// Takes in the next events.
  mutating func observe(_ events: [RecordedEvent]) {
    for recorded in events {
      if case .trial(let event) = recorded.event {
        tuner.observe(event)
        stopping?.observe(event)
        progress.observe(event)
        switch event.kind {
        case .started, .reported: break
        default: lastResult = recorded.sequence
        }
      }
      sequence = recorded.sequence
    }
  }
}

extension Fold {
  /// The version of the form of `snapshot`.
  static let snapshotFormat = 2

  /// What can be kept of it, so that a later start need not take in all events again.
  var snapshot: StudySnapshot {
    let json = JSONValue.object(omittingNil: [
      "tuner": .string(type(of: tuner).description.name), "state": tuner.snapshot,
      "stopping": stopping?.snapshot, "progress": progress.json,
    ])
    return StudySnapshot(sequence: sequence, format: Self.snapshotFormat, payload: json.bytes)
  }

  /// Takes up a snapshot instead of the events that it includes.
  ///
  /// - Returns: `nil` when the snapshot is of another form or tuner, or cannot be read.
  func restored(from snapshot: StudySnapshot) -> Fold? {
    guard snapshot.format == Self.snapshotFormat, snapshot.sequence >= 0,
      let json = try? JSONValue(text: snapshot.payload), let state = json["state"],
      json["tuner"] == .string(type(of: tuner).description.name)
    else { return nil }
    var fold = self
    do throws(InvalidInput) {
      try fold.tuner.restore(state)
      // One that lacks the rule's state is refused as one of another form.
      try fold.stopping?.restore(json["stopping"] ?? .null)
      fold.progress = try JSONReader.read(json["progress"] ?? .null, Progress.init(reading:))
    } catch { return nil }
    fold.sequence = snapshot.sequence
    fold.lastResult = snapshot.sequence
    return fold
  }
}
