import Foundation
package import TuningModel

/// Trials as a sheet of comma-separated values: a row each, with a column for each parameter and metric.
///
/// The columns `parameter.<name>`, `metric.<name>` and `standard_error.<name>` have what the names say; when it is read
/// back, parameters and metrics may also stand under their bare names.
package enum TrialSheet {
  /// Writes the trials of a study.
  package static func text(_ study: Study, _ trials: [Trial]) -> String {
    let definition = study.definition
    let parameters = definition.space.parameters.map(\.name)
    let metrics = Set(trials.flatMap { $0.measurement?.metrics.keys.map { $0 } ?? [] })
      .union(definition.requiredMetrics).sorted()
    let deviations = Set(trials.flatMap { $0.measurement?.standardErrors.keys.map { $0 } ?? [] }).sorted()
    let labels = definition.labels.sorted { $0.key < $1.key }
    var header = [
      "number", "state", "reason", "excluded", "worker", "attempt", "tuner", "created_at", "started_at", "finished_at",
      "step",
    ]
    header += parameters.map { "parameter.\($0)" } + metrics.map { "metric.\($0)" }
    header += deviations.map { "standard_error.\($0)" } + labels.map { "label.\($0.key)" }
    var text = CSVText.line(header)
    for trial in trials {
      var row = ["\(trial.number)", trial.state.rawValue, trial.reason ?? ""]
      row += [trial.excludedAt == nil ? "false" : "true", trial.worker ?? "", "\(trial.attempt)", trial.origin.tuner]
      row += [trial.createdAt.text, trial.startedAt.text, trial.finishedAt?.text ?? ""]
      row.append(trial.measurement?.step.map { "\($0)" } ?? "")
      row += parameters.map { trial.parameters[$0]?.description ?? "" }
      row += metrics.map { trial.measurement?.metrics[$0].map(Self.number) ?? "" }
      row += deviations.map { trial.measurement?.standardErrors[$0].map(Self.number) ?? "" }
      row += labels.map(\.value)
      text += CSVText.line(row)
    }
    return text
  }

  /// A number as spreadsheets and most languages read it.
  private static func number(_ value: Double) -> String {
    value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "Infinity" : "-Infinity") : "\(value)"
  }

  /// Reads trials of a study.
  ///
  /// A row without a state is a result where it has metrics, and to be tried where it has none.
  /// - Throws: `CommandFailure` where a parameter has no column.
  package static func plan(
    _ table: CSVTable, of definition: StudyDefinition, source: String
  ) throws(CommandFailure) -> ImportPlan {
    var plan = ImportPlan(definition)
    let columns = Columns(table.names, definition)
    for parameter in definition.space.parameters where columns.parameters[parameter.name] == nil {
      throw CommandFailure(
        .usage, "\(source) has no column parameter.\(parameter.name), nor one that is called \(parameter.name).")
    }
    if !columns.unread.isEmpty {
      plan.notes.append("these columns are not read: \(columns.unread.joined(separator: ", "))")
    }
    for (row, line) in zip(table.rows, table.lines) {
      do throws(RowProblem) {
        plan.add(try candidate(row, columns, definition, "line \(line)"))
      } catch {
        plan.refuse("line \(line)", error.text)
      }
    }
    return plan
  }

  private struct RowProblem: Error {
    var text: String
  }

  private struct Columns {
    var parameters: [String: Int] = [:]
    var metrics: [String: Int] = [:]
    var standardErrors: [String: Int] = [:]
    var state, reason, step, excluded: Int?
    var unread: [String] = []

    init(_ names: [String], _ definition: StudyDefinition) {
      let written = [
        "number", "state", "reason", "excluded", "worker", "attempt", "tuner", "created_at", "started_at",
        "finished_at", "step",
      ]
      for (index, name) in names.enumerated() {
        func rest(_ prefix: String) -> String? { name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil }
        if let parameter = rest("parameter."), definition.space[parameter] != nil {
          parameters[parameter] = index
        } else if let metric = rest("metric.") {
          metrics[metric] = index
        } else if let metric = rest("standard_error.") {
          standardErrors[metric] = index
        } else if definition.space[name] != nil, parameters[name] == nil {
          parameters[name] = index
        } else if definition.requiredMetrics.contains(name), metrics[name] == nil {
          metrics[name] = index
        } else if !written.contains(name), rest("label.") == nil {
          unread.append(name)
        }
      }
      func own(_ name: String) -> Int? {
        definition.space[name] == nil && !definition.requiredMetrics.contains(name) ? names.firstIndex(of: name) : nil
      }
      (state, reason, step, excluded) = (own("state"), own("reason"), own("step"), own("excluded"))
    }
  }

  private static func candidate(
    _ row: [String], _ columns: Columns, _ definition: StudyDefinition, _ source: String
  ) throws(RowProblem) -> ImportPlan.Candidate {
    func cell(_ column: Int?) -> String? {
      column.map { row[$0].trimmingCharacters(in: .whitespaces) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    func numbers(_ columns: [String: Int]) throws(RowProblem) -> [String: Double] {
      var numbers: [String: Double] = [:]
      for (name, column) in columns {
        guard let text = cell(column) else { continue }
        guard let number = Double(text) else { throw RowProblem(text: "\(name): \"\(text)\" is no number") }
        numbers[name] = number
      }
      return numbers
    }
    var parameters: Parameters = [:]
    for (name, column) in columns.parameters {
      guard let text = cell(column), let domain = definition.space[name]?.domain else { continue }
      guard let value = domain.value(written: text) else {
        throw RowProblem(text: "\(name): \"\(text)\" is not \(domain)")
      }
      parameters[name] = value
    }
    let metrics = try numbers(columns.metrics)
    let deviations = try numbers(columns.standardErrors).filter { metrics[$0.key] != nil }
    let measurement =
      metrics.isEmpty
      ? nil : Measurement(metrics, step: cell(columns.step).flatMap { Int($0) }, standardErrors: deviations)
    let reason = cell(columns.reason)
    let outcome: TrialResult.Outcome?
    switch (cell(columns.state), measurement) {
    case (nil, nil), ("waiting", _), ("running", _), ("stopping", _): outcome = nil
    case (nil, let measurement?), ("completed", let measurement?): outcome = .completed(measurement)
    case ("completed", nil): throw RowProblem(text: "is completed and has no metrics")
    case ("infeasible", let measurement?) where reason == TrialReason.notFinite: outcome = .completed(measurement)
    case ("infeasible", _): outcome = .infeasible(reason: reason)
    case ("pruned", let measurement): outcome = .pruned(reason: reason, measurement)
    case ("failed", _): outcome = .failed(reason: reason)
    case (let state?, _): throw RowProblem(text: "\"\(state)\" is no state")
    }
    return ImportPlan.Candidate(
      source, EnqueuedTrial(parameters, outcome: outcome), isExcluded: cell(columns.excluded) == "true")
  }
}

extension Domain {
  /// The value that a text stands for, as `ParameterValue.description` writes it; `nil` where there is none.
  package func value(written text: String) -> ParameterValue? {
    switch self {
    case .float(let domain) where domain.size != nil:
      let parts = text.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
      return parts.contains(nil) ? nil : canonical(.vector(parts.compactMap { $0 }))
    case .float, .int: return Double(text).flatMap { canonical(.float($0)) }
    case .bool:
      let known = ["true": true, "false": false, "1": true, "0": false]
      return known[text.lowercased()].map(ParameterValue.bool)
    case .ordinal(let values), .categorical(let values):
      return values.first { $0.description == text }
        ?? Double(text).flatMap { number in values.first { $0.number == number } }
    }
  }
}
