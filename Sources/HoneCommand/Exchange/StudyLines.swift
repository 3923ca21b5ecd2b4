import TuningAPI
package import TuningModel

/// A study as JSON lines: the study on the first, then a trial on each.
package enum StudyLines {
  private static let format = "hone-study"
  private static let version = 1

  /// Writes a study.
  package static func text(_ study: Study, _ trials: [Trial]) -> String {
    let head: JSONValue = [
      "format": .string(format), "version": .integer(version), "definition": study.definition.json,
      "state": .string(study.state.rawValue), "created_at": .string(study.createdAt.text),
    ]
    var text = head.text + "\n"
    for trial in trials {
      var trial = trial
      trial.lease = nil
      text += trial.json.text + "\n"
    }
    return text
  }

  /// Reads what `text` wrote.
  ///
  /// - Parameters:
  ///   - lines: the lines of the file.
  ///   - name: another name for the study.
  ///   - source: what to call the file in messages.
  /// - Throws: `CommandFailure` where the first line is no study, or a line is no trial.
  package static func plan(
    _ lines: [String], name: String?, source: String
  ) throws(CommandFailure) -> ImportPlan {
    guard let first = lines.first, let head = try? JSONValue(text: first), head["format"] == .string(format) else {
      throw CommandFailure(.usage, "\(source) does not begin with a study; hone export … jsonl writes such files.")
    }
    guard head["version"] == .integer(version) else {
      throw CommandFailure(.usage, "\(source) is of a version that this Hone does not know.")
    }
    var definition: StudyDefinition
    do throws(InvalidInput) {
      definition = try StudyDefinition(head["definition"] ?? .null)
      if let name {
        if !Name.isValid(name) { throw InvalidInput([InputMistake(pointer: "/name", detail: Name.rule)]) }
        definition.name = name
      }
    } catch {
      throw CommandFailure(StudyError(error), subject: "the study in \(source)")
    }
    var plan = ImportPlan(definition)
    if case .string(let text)? = head["state"], let state = StudyState(rawValue: text) { plan.state = state }
    var openCount = 0
    for (index, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
      let trial: Trial
      do {
        trial = try JSONReader.read(try JSONValue(text: line), Trial.init(reading:))
      } catch {
        throw CommandFailure(.usage, "\(source), line \(index + 1) is no trial: \(error)")
      }
      if [.running, .stopping].contains(trial.state) { openCount += 1 }
      plan.add(trial)
    }
    if openCount > 0 { plan.notes.append("\(openCount) trials that were under way wait to be tried") }
    plan.notes.append("times, workers, attempts and origins are those of the import; the budget begins anew")
    return plan
  }
}

extension ImportPlan {
  /// Takes a trial of another study of Hone.
  mutating func add(_ trial: Trial) {
    let source = "trial \(trial.number)"
    if trial.request != nil {
      return refuse(source, "answers a request of its tuner, which a result from elsewhere cannot")
    }
    if trial.resume != nil {
      return refuse(source, "is a part of a member's training, which goes on from other trials")
    }
    var outcome: TrialResult.Outcome?
    switch (trial.state, trial.measurement) {
    case (.completed, let measurement?): outcome = .completed(measurement)
    case (.infeasible, let measurement?) where trial.reason == TrialReason.notFinite: outcome = .completed(measurement)
    case (.pruned, let measurement): outcome = .pruned(reason: trial.reason, measurement)
    case (.infeasible, _): outcome = .infeasible(reason: trial.reason)
    case (.failed, _), (.completed, nil): outcome = .failed(reason: trial.reason)
    case (.waiting, _), (.running, _), (.stopping, _): outcome = nil
    }
    add(
      Candidate(
        source,
        EnqueuedTrial(
          trial.parameters, outcome: outcome, measurements: outcome == nil ? [] : trial.measurements),
        isExcluded: trial.excludedAt != nil))
  }
}
