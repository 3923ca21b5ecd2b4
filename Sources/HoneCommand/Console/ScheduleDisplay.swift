package import TuningModel

/// A schedule as people and spreadsheets read it.
package struct ScheduleDisplay {
  private let schedule: ParameterSchedule
  private let names: [String]

  /// Shows a schedule.
  ///
  /// - Parameter parameters: the names of the columns; a parameter that is inactive leaves its cell empty.
  package init(_ schedule: ParameterSchedule, parameters: [String]) {
    self.schedule = schedule
    names = parameters
  }

  /// A line about the best trial and a table of the stages.
  package var text: String {
    var text = "trial \(schedule.trial)"
    if let member = schedule.member { text += " of member \(member)" }
    if let steps = schedule.steps { text += " after \(steps) steps" }
    if let checkpoint = schedule.checkpoint { text += ": \(checkpoint.onOneLine(atMost: 400))" }
    var table = Table(["STEP"] + names)
    for row in rows { table.add(row) }
    return text + "\n" + table.text
  }

  /// The stages as comma-separated values after RFC 4180.
  package var csv: String {
    ([["step"] + names] + rows).map(CSVText.line).joined()
  }

  private var rows: [[String]] {
    schedule.stages.map { stage in ["\(stage.step)"] + names.map { stage.parameters[$0]?.description ?? "" } }
  }
}
