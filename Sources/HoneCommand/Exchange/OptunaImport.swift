package import SQLiteStorage
import TuningModel

/// Makes a study of Hone from one of Optuna.
package struct OptunaImport {
  /// What the user says otherwise.
  package struct Choices: Sendable {
    /// The study's name; Optuna's where left out.
    package var name: String?
    /// The names of the objectives; Optuna's, else `value`, where left out.
    package var metrics: [String] = []
    /// The tuner; the best for the study where left out.
    package var tuner: String?
    /// How many trials the study may have further; as many as one likes where left out.
    package var maxTrials: Int?

    /// Creates choices.
    package init(name: String? = nil, metrics: [String] = [], tuner: String? = nil, maxTrials: Int? = nil) {
      (self.name, self.metrics, self.tuner, self.maxTrials) = (name, metrics, tuner, maxTrials)
    }
  }

  private let study: OptunaStudy
  private var notes: [String] = []
  private var names: [String: String] = [:]
  private var distributions: [String: OptunaDistribution] = [:]
  private var order: [String] = []
  private var labels: [String: String] = [:]
  private var metrics: [String] = []

  /// Plans the import.
  ///
  /// - Throws: `CommandFailure` where the study as a whole cannot be taken, saying why.
  package static func plan(_ study: OptunaStudy, _ choices: Choices) throws(CommandFailure) -> ImportPlan {
    var reading = OptunaImport(study: study)
    return try reading.plan(choices)
  }

  private init(study: OptunaStudy) { self.study = study }

  private mutating func plan(_ choices: Choices) throws(CommandFailure) -> ImportPlan {
    let name = choices.name ?? study.name
    if !Name.isValid(name) {
      throw CommandFailure(.usage, "\"\(name)\" is no name for a study here; give one with --name. \(Name.rule)")
    }
    metrics = try metricNames(choices)
    try collectDistributions()
    let points = study.trials.map { try? parameters(of: $0) }
    let whole = zip(study.trials, points).filter { $0.0.state == .complete }.compactMap(\.1)
    let ended = zip(study.trials, points).filter { [.complete, .pruned].contains($0.0.state) }.compactMap(\.1)
    let inferred = InferredConditions(
      order.compactMap { name in distributions[name].map { (names[name] ?? name, $0.domain) } },
      in: whole.isEmpty ? ended : whole)
    note(inferred)
    collectLabels()
    var plan = ImportPlan(try definition(name, inferred, choices))
    for (trial, point) in zip(study.trials, points) { add(trial, point, to: &plan) }
    noteLosses(plan)
    plan.notes += notes
    return plan
  }

  private func metricNames(_ choices: Choices) throws(CommandFailure) -> [String] {
    let count = study.directions.count
    if !choices.metrics.isEmpty {
      if choices.metrics.count == count { return choices.metrics }
      throw CommandFailure(.usage, "the study has \(count) objectives; give --metric so many times.")
    }
    if let text = study.systemAttributes["study:metric_names"], case .array(let elements)? = try? JSONValue(text: text)
    {
      let names = elements.compactMap { if case .string(let name) = $0 { name } else { nil } }
      if names.count == count, names.allSatisfy(Name.isValid) { return names }
    }
    return count == 1 ? ["value"] : (0..<count).map { "value_\($0)" }
  }

  private mutating func collectDistributions() throws(CommandFailure) {
    var taken: [String: String] = [:]
    for trial in study.trials {
      for parameter in trial.parameters {
        let distribution: OptunaDistribution
        do throws(OptunaDistribution.Problem) {
          distribution = try OptunaDistribution(text: parameter.distribution)
        } catch {
          throw CommandFailure(.usage, "the parameter \"\(parameter.name)\" cannot be taken: \(error.text)")
        }
        guard let known = distributions[parameter.name] else {
          let name = OptunaNotes.name(parameter.name)
          if let other = taken[name] {
            throw CommandFailure(
              .usage, "the parameters \"\(other)\" and \"\(parameter.name)\" would have the same name here, \(name).")
          }
          taken[name] = parameter.name
          names[parameter.name] = name
          distributions[parameter.name] = distribution
          order.append(parameter.name)
          continue
        }
        if known == distribution { continue }
        guard let widened = known.widened(with: distribution) else {
          throw CommandFailure(
            .usage,
            "the parameter \"\(parameter.name)\" is \(known.domain) in some trials and \(distribution.domain) in trial \(trial.number); no parameter is both."
          )
        }
        distributions[parameter.name] = widened
        widenedNames.insert(parameter.name)
      }
    }
    for name in order where widenedNames.contains(name) {
      notes.append(
        "\(name) had several ranges; it has the one that holds them all: \(distributions[name].map { "\($0.domain)" } ?? "")"
      )
    }
    for name in order where names[name] != name { notes.append("\"\(name)\" is called \(names[name] ?? "") here") }
    if order.isEmpty {
      throw CommandFailure(.usage, "the study \"\(study.name)\" has no trial with parameters, so no space is known.")
    }
  }

  private var widenedNames: Set<String> = []

  /// The values that a trial had; the space has not judged them yet.
  private func parameters(of trial: OptunaTrial) throws(OptunaDistribution.Problem) -> Parameters {
    var parameters: Parameters = [:]
    if trial.state == .waiting, let text = trial.systemAttributes["fixed_params"] {
      guard case .object(let fields)? = try? JSONValue(text: text) else {
        throw OptunaDistribution.Problem(text: "its fixed parameters cannot be read")
      }
      for (name, json) in fields {
        guard let value = OptunaDistribution.value(choice: json) else {
          throw OptunaDistribution.Problem(text: "its value of \"\(name)\" cannot be read")
        }
        parameters[names[name] ?? name] = value
      }
    }
    for parameter in trial.parameters {
      // Of its own distribution: an index counts among those choices.
      guard let value = try OptunaDistribution(text: parameter.distribution).value(stored: parameter.value) else {
        throw OptunaDistribution.Problem(text: "its value of \"\(parameter.name)\" is none of the distribution's")
      }
      parameters[names[parameter.name] ?? parameter.name] = value
    }
    return parameters
  }

  private mutating func note(_ inferred: InferredConditions) {
    for (name, condition) in inferred.conditions.sorted(by: { $0.key < $1.key }) {
      let text = condition.values.map { "\($0.key) is \($0.value.map(\.description).joined(separator: " or "))" }
        .joined()
      notes.append("\(name) takes part where \(text), by what the trials show")
    }
    for name in inferred.unexplained {
      notes.append("\(name) is absent from some trials, and no other parameter says when; those are left out")
    }
  }

  private mutating func collectLabels() {
    var dropped: [String] = []
    for (name, text) in study.userAttributes.sorted(by: { $0.key < $1.key }) {
      var value = text
      if case .string(let plain)? = try? JSONValue(text: text) { value = plain }
      if Name.isValid(name), value.utf8.count <= 1_024, labels.count < 60 {
        labels[name] = value
      } else {
        dropped.append(name)
      }
    }
    if !dropped.isEmpty {
      notes.append("these attributes of the study are no labels and are left out: \(dropped.joined(separator: ", "))")
    }
    let nulls = order.filter {
      if case .categorical(let choices)? = distributions[$0] { choices.contains(.null) } else { false }
    }
    if !nulls.isEmpty {
      labels[OptunaNotes.nullChoices] = JSONValue.array(nulls.map { .string(names[$0] ?? $0) }).text
      notes.append(
        "None among the choices of \(nulls.joined(separator: ", ")) is the text \"\(OptunaDistribution.null)\"")
    }
    let renamed = order.filter { names[$0] != $0 }
    if !renamed.isEmpty {
      labels[OptunaNotes.names] =
        JSONValue.object(
          Dictionary(renamed.map { (names[$0] ?? $0, JSONValue.string($0)) }, uniquingKeysWith: { first, _ in first })
        ).text
    }
    for key in [OptunaNotes.nullChoices, OptunaNotes.names] where labels[key].map({ $0.utf8.count > 1_024 }) == true {
      labels[key] = nil
      notes.append("the names are too long to be kept in the label \(key), so an export has them as they are here")
    }
  }

  private func definition(
    _ name: String, _ inferred: InferredConditions, _ choices: Choices
  ) throws(CommandFailure) -> StudyDefinition {
    let parameters = order.compactMap { name -> Parameter? in
      guard let distribution = distributions[name], let ours = names[name] else { return nil }
      return Parameter(ours, distribution.domain, when: inferred.conditions[ours])
    }
    let objectives = zip(metrics, study.directions).map { metric, direction in
      Objective(metric, direction == .minimize ? .minimise : .maximise)
    }
    do throws(InvalidInput) {
      return try StudyDefinition(
        name, space: try SearchSpace(parameters), objectives: objectives, tuner: TunerChoice(choices.tuner),
        budget: Budget(maxTrials: choices.maxTrials), labels: labels)
    } catch {
      throw CommandFailure(StudyError(error), subject: "the study \"\(study.name)\"")
    }
  }

  private func add(_ trial: OptunaTrial, _ point: Parameters?, to plan: inout ImportPlan) {
    let source = "trial \(trial.number)"
    guard let point else { return plan.refuse(source, "has a value that cannot be read") }
    if trial.state == .running { return plan.refuse(source, "is under way in Optuna, or was given up there") }
    if trial.parameters.isEmpty && trial.state != .waiting {
      return plan.refuse(source, "\(trial.state.rawValue): ended before it had any parameter")
    }
    if trial.state == .waiting, point.isEmpty { return plan.refuse(source, "waits without parameters of its own") }
    var measurements: [Measurement] = []
    if let metric = metrics.first, metrics.count == 1 {
      measurements = trial.intermediateValues.sorted { $0.key < $1.key }.filter { $0.key >= 0 }
        .map { Measurement([metric: $0.value], step: $0.key) }
    }
    var values: [String: Double] = [:]
    for (index, metric) in metrics.enumerated() { values[metric] = trial.values[index] }
    let outcome: TrialResult.Outcome?
    switch trial.state {
    case .complete: outcome = .completed(Measurement(values, step: nil))
    case .pruned:
      let last = measurements.last
      let own = values.isEmpty ? last.flatMap { $0.metrics.values.contains(where: \.isNaN) ? nil : $0 } : nil
      outcome = .pruned(
        reason: "pruned in Optuna", values.isEmpty ? own : Measurement(values, step: last?.step))
    case .failed: outcome = .failed(reason: Self.failure)
    case .running, .waiting: outcome = nil
    }
    plan.add(
      ImportPlan.Candidate(
        source, EnqueuedTrial(point, outcome: outcome, measurements: outcome == nil ? [] : measurements)))
  }

  /// The reason of trials that failed in Optuna, which keeps none.
  static let failure = "failed in Optuna"

  private mutating func noteLosses(_ plan: ImportPlan) {
    let infinite = plan.trials.filter {
      if case .completed(let measurement)? = $0.trial.outcome {
        measurement.metrics.values.contains(where: \.isInfinite)
      } else {
        false
      }
    }
    if !infinite.isEmpty { notes.append("\(infinite.count) trials with an infinite value are infeasible here") }
    let noted = study.trials.count { !$0.userAttributes.isEmpty }
    if noted > 0 { notes.append("attributes of \(noted) trials are left out; trials have none here") }
    if metrics.count > 1, study.trials.contains(where: { !$0.intermediateValues.isEmpty }) {
      notes.append("intermediate values are left out: they belong to no objective in particular")
    }
    if study.trials.contains(where: { $0.systemAttributes["constraints"] != nil }) {
      notes.append("the values of constraints are left out")
    }
    notes.append("times are those of the import")
    if let first = plan.refused.first {
      notes.append("numbers are counted anew, as trials are left out (from \(first.source) on)")
    } else {
      notes.append("trial n of Optuna is trial n + 1")
    }
  }
}
