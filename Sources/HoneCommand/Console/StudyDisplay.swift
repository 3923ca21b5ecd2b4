import Foundation
import TuningModel

/// Studies as people read them.
enum StudyDisplay {
  /// A table with one line for each study.
  static func table(_ studies: [ListedStudy]) -> String {
    var table = Table(["STUDY", "STATE", "TUNER", "TRIALS", "OBJECTIVES", "CREATED"])
    for listed in studies {
      guard case .readable(let summary) = listed else {
        table.add([listed.name, "unreadable", "", "", "", ""])
        continue
      }
      let study = summary.study
      table.add([
        study.name, study.state.rawValue, study.tunerName, progress(summary), objectives(study.definition),
        study.createdAt.text,
      ])
    }
    return table.text
  }

  /// Everything about one study.
  static func details(_ summary: StudySummary) -> String {
    let (study, definition) = (summary.study, summary.study.definition)
    let counts = TrialState.allCases.compactMap { state in
      summary.counts[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
    }
    var rows = [
      ("state", study.state.rawValue), ("objectives", objectives(definition)),
      ("tuner", "\(study.tunerName), seed \(study.seed)"),
      ("trials", progress(summary) + (counts.isEmpty ? "" : " (\(counts.joined(separator: ", ")))")),
      ("created", study.createdAt.text), ("revision", "\(study.revision)"),
    ]
    for constraint in definition.outcomeConstraints {
      let bound =
        switch constraint.bound {
        case .atMost(let bound): "at most \(bound)"
        case .atLeast(let bound): "at least \(bound)"
        }
      rows.append(("constraint", "\(constraint.metric) \(bound)"))
    }
    for constraint in definition.space.constraints { rows.append(("constraint", constraint.text)) }
    for (name, value) in definition.labels.sorted(by: { $0.key < $1.key }) {
      rows.append(("label", "\(name)=\(value)"))
    }
    var text = "study \(study.name)\n"
    for (name, value) in rows {
      text += "  \(name.padding(toLength: 10, withPad: " ", startingAt: 0))  \(value.onOneLine(atMost: 2_000))\n"
    }
    var table = Table(["PARAMETER", "DOMAIN", "WHEN", "DEFAULT"])
    for parameter in definition.space.parameters {
      table.add([
        parameter.name, parameter.domain.summary, when(parameter.condition), parameter.defaultValue?.description ?? "",
      ])
    }
    return text + "\n" + table.text
  }

  /// How many trials came to their end, of how many.
  private static func progress(_ summary: StudySummary) -> String {
    let done = summary.counts.filter(\.key.isFinal).values.reduce(0, +)
    return summary.study.definition.budget.maxTrials.map { "\(done)/\($0)" } ?? "\(done)"
  }

  private static func objectives(_ definition: StudyDefinition) -> String {
    definition.objectives.map { "\($0.goal.rawValue) \($0.metric)" }.joined(separator: ", ")
  }

  private static func when(_ condition: Condition?) -> String {
    (condition?.values ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value.map(\.description).joined(separator: "|"))" }.joined(separator: " ")
  }
}
