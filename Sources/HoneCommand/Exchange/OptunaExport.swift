import Foundation
package import SQLiteStorage
package import TuningModel

/// Makes a study of Optuna from one of Hone.
package struct OptunaExport: Sendable {
  /// The study.
  package private(set) var study: OptunaStudy
  /// What is lost or changed, a sentence each.
  package private(set) var notes: [String] = []

  private var columns: [Column] = []
  private let objectives: [Objective]

  /// A parameter of Optuna, which may be a component of a vector of ours.
  private struct Column {
    var name: String
    var parameter: String
    var component: Int?
    var distribution: OptunaDistribution
  }

  /// Makes the study.
  package init(_ source: Study, _ trials: [Trial]) {
    let definition = source.definition
    objectives = definition.objectives
    study = OptunaStudy(definition.name, directions: objectives.map { $0.goal == .minimise ? .minimize : .maximize })
    columns = Self.columns(definition, noting: &notes)
    for (name, value) in definition.labels where !name.hasPrefix(OptunaNotes.prefix) {
      let json = (try? JSONValue(text: value)) ?? .string(value)
      study.userAttributes[name] = json.text
    }
    let metrics = objectives.map(\.metric)
    let standard = metrics.count == 1 ? ["value"] : metrics.indices.map { "value_\($0)" }
    if metrics != standard {
      study.systemAttributes["study:metric_names"] = JSONValue.array(metrics.map(JSONValue.string)).text
    }
    if !definition.space.constraints.isEmpty { notes.append("constraints of the parameters are left out") }
    if !definition.outcomeConstraints.isEmpty { notes.append("constraints of the metrics are left out") }
    let clock = Self.clock
    study.trials = trials.enumerated().map { trial($1, number: $0, clock) }
    if trials.contains(where: { $0.excludedAt != nil }) {
      notes.append("excluded trials are FAIL, with the attribute hone:excluded")
    }
  }

  private static func columns(_ definition: StudyDefinition, noting notes: inout [String]) -> [Column] {
    func label(_ key: String) -> JSONValue? { definition.labels[key].flatMap { try? JSONValue(text: $0) } }
    var nulls: Set<String> = []
    if case .array(let names)? = label(OptunaNotes.nullChoices) {
      nulls = Set(names.compactMap { if case .string(let name) = $0 { name } else { nil } })
    }
    let renamed = label(OptunaNotes.names)
    return definition.space.parameters.flatMap { parameter -> [Column] in
      var name = parameter.name
      if case .string(let theirs)? = renamed?[name] { name = theirs }
      func column(_ distribution: OptunaDistribution) -> [Column] {
        [Column(name: name, parameter: parameter.name, component: nil, distribution: distribution)]
      }
      func choices(_ values: [ParameterValue]) -> OptunaDistribution {
        .categorical(
          values.map { nulls.contains(parameter.name) && $0 == .string(OptunaDistribution.null) ? .null : $0.json })
      }
      switch parameter.domain {
      case .float(let domain):
        // Optuna has no steps on a log scale.
        let isLog = domain.scale == .log && domain.step == nil
        if domain.scale == .log && !isLog { notes.append("\(name) has steps and therefore no log scale") }
        var high = domain.high
        if domain.step != nil, domain.size == nil, let count = parameter.domain.levelCount {
          high = parameter.domain.value(atLevel: count - 1).number ?? high
        }
        let distribution = OptunaDistribution.float(low: domain.low, high: high, log: isLog, step: domain.step)
        guard let size = domain.size else { return column(distribution) }
        notes.append("\(name) is \(size) parameters, \(name)[0] to \(name)[\(size - 1)]")
        return (0..<size).map {
          Column(name: "\(name)[\($0)]", parameter: parameter.name, component: $0, distribution: distribution)
        }
      case .int(let domain):
        let isLog = domain.scale == .log && domain.step == 1
        if domain.scale == .log && !isLog { notes.append("\(name) has steps and therefore no log scale") }
        let high = domain.low + (domain.high - domain.low) / domain.step * domain.step
        return column(.int(low: domain.low, high: high, log: isLog, step: domain.step))
      case .bool: return column(.categorical([false, true]))
      case .ordinal(let values):
        notes.append("\(name) is categorical, as Optuna has no order of values")
        return column(choices(values))
      case .categorical(let values): return column(choices(values))
      }
    }
  }

  private func trial(_ trial: Trial, number: Int, _ clock: DateFormatter) -> OptunaTrial {
    var result = OptunaTrial(number, state(of: trial))
    let parameters = columns.compactMap { column -> (Column, ParameterValue, Double)? in
      guard var value = trial.parameters[column.parameter] else { return nil }
      if let component = column.component, case .vector(let numbers) = value, numbers.indices.contains(component) {
        value = .float(numbers[component])
      }
      return column.distribution.stored(value).map { (column, value, $0) }
    }
    if result.state == .waiting {
      // Whoever tries it asks for these values by themselves.
      let fixed = parameters.map { column, value, stored -> (String, JSONValue) in
        if case .categorical(let choices) = column.distribution { return (column.name, choices[Int(stored)]) }
        return (column.name, value.json)
      }
      result.systemAttributes["fixed_params"] =
        JSONValue.object(Dictionary(fixed, uniquingKeysWith: { first, _ in first })).text
    } else {
      result.parameters = parameters.map { OptunaParameter($0.0.name, $0.2, distribution: $0.0.distribution.text) }
      result.startedAt = Self.text(trial.startedAt, clock)
      result.completedAt = trial.finishedAt.map { Self.text($0, clock) }
    }
    let metrics = trial.measurement?.metrics ?? [:]
    if [.complete, .pruned].contains(result.state) {
      for (index, objective) in objectives.enumerated() { result.values[index] = metrics[objective.metric] }
    }
    if let metric = objectives.first?.metric, objectives.count == 1 {
      for measurement in trial.measurements {
        if let step = measurement.step, let value = measurement.metrics[metric] {
          result.intermediateValues[step] = value
        }
      }
    }
    let others = metrics.filter { name, _ in !objectives.contains { $0.metric == name } }
    if !others.isEmpty {
      result.userAttributes["hone:metrics"] = JSONValue.object(others.mapValues(JSONValue.number)).text
    }
    if trial.excludedAt != nil { result.userAttributes["hone:excluded"] = "true" }
    if result.state == .failed {
      if trial.state != .failed { result.userAttributes["hone:state"] = JSONValue.string(trial.state.rawValue).text }
      if let reason = trial.reason, reason != OptunaImport.failure {
        result.userAttributes["hone:reason"] = JSONValue.string(reason).text
      }
    }
    return result
  }

  /// Optuna knows no infeasible trials: one with an infinite value is complete there, any other has failed.
  private func state(of trial: Trial) -> OptunaTrial.State {
    if trial.excludedAt != nil { return .failed }
    switch trial.state {
    case .waiting: return .waiting
    case .running, .stopping: return .running
    case .pruned: return .pruned
    case .completed: return .complete
    case .failed: return .failed
    case .infeasible:
      let metrics = trial.measurement?.metrics ?? [:]
      return objectives.allSatisfy { metrics[$0.metric].map { !$0.isNaN } ?? false } ? .complete : .failed
    }
  }

  /// Optuna keeps local times without a zone.
  private static var clock: DateFormatter {
    let clock = DateFormatter()
    clock.locale = Locale(identifier: "en_US_POSIX")
    clock.dateFormat = "yyyy-MM-dd HH:mm:ss.SSS"
    return clock
  }

  private static func text(_ time: Timestamp, _ clock: DateFormatter) -> String {
    clock.string(from: Date(timeIntervalSince1970: Double(time.milliseconds) / 1_000)) + "000"
  }
}
