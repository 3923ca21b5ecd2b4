package import TuningModel

/// What a run did, told at its end.
package struct RunSummary: Sendable {
  /// The study's name.
  package var study: String
  /// What the run did.
  package var tally: RunTally
  /// Why it ended, in one word for programs.
  package var ending: String
  /// The best trial of the study, of this run or an earlier one; `nil` where there is none, or no single one.
  package var best: Trial?

  /// The summary for people, each line ended by a line break.
  package var text: String {
    let counts = [TrialState.completed, .pruned, .infeasible, .failed]
      .compactMap { state in tally.finished[state].map { "\($0) \(state.rawValue)" } }
    var text = "\(study): \(tally.finishedCount) trials finished in this run"
    if !counts.isEmpty { text += " (\(counts.joined(separator: ", ")))" }
    if tally.givenBack > 0 { text += ", \(tally.givenBack) given back" }
    if tally.lost > 0 { text += ", \(tally.lost) lost" }
    text += "; ended: \(ending)\n"
    return text + (best.map { TrialDisplay.details($0) } ?? "")
  }

  /// The summary for programs.
  package var json: JSONValue {
    .object(omittingNil: [
      "study": .string(study), "ended": .string(ending), "finished": .integer(tally.finishedCount),
      "completed": .integer(tally.finished[.completed] ?? 0), "pruned": .integer(tally.finished[.pruned] ?? 0),
      "infeasible": .integer(tally.finished[.infeasible] ?? 0),
      "failed": .integer(tally.finished[.failed] ?? 0), "given_back": .integer(tally.givenBack),
      "lost": .integer(tally.lost), "best": best.map(TrialDisplay.json),
    ])
  }
}
