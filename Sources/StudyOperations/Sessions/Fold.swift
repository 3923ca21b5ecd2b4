import TuningModel

/// What a study's events come to, besides its roster: the tuner that has observed them.
struct Fold: Sendable {
  /// The definition that the study was created with, which a later change of budget does not alter: the same
  /// events always come to the same tuner.
  let definition: StudyDefinition
  private(set) var tuner: any Tuner
  /// The last event that was taken in.
  private(set) var sequence = 0
  /// The last event that came from a trial's evaluation, rather than from handing it out; at least the last one of the
  /// snapshot that the fold started from.
  private(set) var lastResult = 0

  init(_ definition: StudyDefinition, _ tuner: any Tuner) {
    self.definition = definition
    self.tuner = tuner
  }

  /// Takes in the next events.
  mutating func observe(_ events: [RecordedEvent]) {
    for recorded in events {
      if case .trial(let event) = recorded.event {
        tuner.observe(event)
        if case .started = event.kind {} else { lastResult = recorded.sequence }
      }
      sequence = recorded.sequence
    }
  }
}

extension Fold {
  /// The version of the form of `snapshot`.
  static let snapshotFormat = 1

  /// What can be kept of it, so that a later start need not take in all events again.
  var snapshot: StudySnapshot {
    let json = JSONValue.object(omittingNil: [
      "tuner": .string(type(of: tuner).description.name), "state": tuner.snapshot,
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
    } catch { return nil }
    fold.sequence = snapshot.sequence
    fold.lastResult = snapshot.sequence
    return fold
  }
}
