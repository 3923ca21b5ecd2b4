/// A rule that decides, measurement by measurement, which trials are not worth their cost.
///
/// A rule is a value whose state is a fold over the events it observed; it has no clock and draws nothing, so the same
/// events give the same decisions. The decision on a measurement is recorded with it, and never taken again.
public protocol StoppingRule: Sendable {
  /// What the catalog says of it.
  static var description: TunerDescription { get }

  /// Creates the rule of a study before its first event; what the catalog can check has been checked.
  ///
  /// - Throws: `TunerError.unsupported` with a pointer to every part of the study that it cannot honour.
  init(for study: StudyDefinition) throws(TunerError)

  /// Takes in an event; cannot fail. Events arrive in the order of their log.
  mutating func observe(_ event: TrialEvent)

  /// What is to become of a trial after a report that has not been observed yet; its own decision is of no account.
  func decision(on report: TrialReport, of trial: TrialNumber) -> Decision

  /// The state after the events so far, as JSON; a cache of the fold.
  var snapshot: JSONValue { get }

  /// Takes up a snapshot in a rule that has observed nothing.
  ///
  /// - Throws: `InvalidInput` when the snapshot is of another version; the caller then folds the events instead.
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput)
}

extension StudyDefinition {
  /// The objective that the stopping rule judges by.
  ///
  /// - Throws: `TunerError.unsupported` where the rule names none of several objectives, or what is no objective.
  public var stoppingObjective: Objective {
    get throws(TunerError) {
      let names = objectives.map(\.metric).joined(separator: ", ")
      guard let metric = stopping?.metric else {
        if objectives.count == 1 { return objectives[0] }
        throw .unsupported([
          InputMistake(
            pointer: "/stopping/metric", detail: "Is missing; with several objectives it is one of \(names).")
        ])
      }
      if let objective = objectives.first(where: { $0.metric == metric }) { return objective }
      throw .unsupported([
        InputMistake(pointer: "/stopping/metric", detail: "Must be an objective of the study: \(names).")
      ])
    }
  }
}
