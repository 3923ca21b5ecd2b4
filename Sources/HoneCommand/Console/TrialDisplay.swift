import TuningAPI
import TuningModel

/// Trials as people and programs read them.
enum TrialDisplay {
  /// The form that the REST API has; leases are left out.
  static func json(_ trial: Trial) -> JSONValue { trial.json }

  /// A table with one line for each trial.
  static func table(_ trials: [Trial]) -> String {
    var table = Table(["TRIAL", "STATE", "METRICS", "PARAMETERS", "REASON"])
    for trial in trials {
      table.add([
        "\(trial.number)", trial.state.rawValue + (trial.excludedAt == nil ? "" : ", excluded"),
        metrics(trial), parameters(trial.parameters), trial.reason ?? "",
      ])
    }
    return table.text
  }

  /// Everything about one trial, one line each.
  static func details(_ trial: Trial) -> String {
    var text = "trial \(trial.number): \(trial.state.rawValue)\n"
    var rows: [(String, String)] = (trial.measurement?.metrics ?? [:]).sorted { $0.key < $1.key }.map {
      ($0.key, "\($0.value)")
    }
    rows += trial.parameters.sorted { $0.key < $1.key }.map { ("  \($0.key)", $0.value.description) }
    rows.append(("tuner", trial.origin.tuner + (trial.origin.acquisition.map { " (\($0))" } ?? "")))
    if let request = trial.request { rows.append(("request", request.json.text)) }
    if let resume = trial.resume { rows.append(("resume", resume.json.text)) }
    if let checkpoint = trial.measurement?.checkpoint { rows.append(("checkpoint", checkpoint)) }
    if let interval = trial.measurement?.interval {
      rows.append(("interval", "\(interval.low) … \(interval.up) (\(interval.certification.rawValue))"))
    }
    if let worker = trial.worker { rows.append(("worker", worker)) }
    if trial.attempt > 1 { rows.append(("attempt", "\(trial.attempt)")) }
    rows.append(("started", trial.startedAt.text))
    if let finishedAt = trial.finishedAt { rows.append(("finished", finishedAt.text)) }
    if let excludedAt = trial.excludedAt { rows.append(("excluded", excludedAt.text)) }
    rows.append(("revision", "\(trial.revision)"))
    let width = rows.map(\.0.count).max() ?? 0
    for (name, value) in rows {
      text += "  \(name)\(String(repeating: " ", count: width - name.count))  \(value.onOneLine(atMost: 2_000))\n"
    }
    text += measurements(trial.measurements)
    if let reason = trial.reason {
      let lines = reason.split(whereSeparator: \.isNewline).map { "    \(String($0).onOneLine(atMost: 2_000))\n" }
      text += "  reason\n\(lines.joined())"
    }
    return text
  }

  /// The newest measurements, one line each.
  private static func measurements(_ measurements: [Measurement]) -> String {
    if measurements.isEmpty { return "" }
    var text = "  measured\n"
    let shown = measurements.suffix(20)
    if shown.count < measurements.count { text += "    … \(measurements.count - shown.count) earlier ones\n" }
    for measurement in shown {
      let place = measurement.checkpoint.map { "  \($0.onOneLine(atMost: 200))" } ?? ""
      text += "    step \(measurement.step ?? 0)  \(metrics(measurement))\(place)\n"
    }
    return text
  }

  private static func metrics(_ trial: Trial) -> String { trial.measurement.map(metrics) ?? "" }

  private static func metrics(_ measurement: Measurement) -> String {
    measurement.metrics.sorted { $0.key < $1.key }
      .map { "\($0.key)=\(NumberText.short($0.value))" }.joined(separator: " ")
  }

  static func parameters(_ parameters: Parameters) -> String {
    parameters.sorted { $0.key < $1.key }.map { name, value in
      if case .float(let number) = value { return "\(name)=\(NumberText.short(number))" }
      return "\(name)=\(value)"
    }.joined(separator: " ")
  }
}
