import StoppingRules
import TuningModel

/// A rule with the events that it has observed, as a session would make them.
struct RuleBench {
  private(set) var rule: any StoppingRule
  private(set) var events: [TrialEvent] = []
  let study: StudyDefinition
  private var attempts: [TrialNumber: Int] = [:]

  static let catalog = TunerCatalog([], stoppingRules: [SuccessiveHalvingRule.self, MedianRule.self])

  static func study(
    _ name: String, _ options: [String: JSONValue] = [:], goal: Goal = .minimise, metric: String? = nil,
    objectives: [Objective]? = nil
  ) throws -> StudyDefinition {
    try StudyDefinition(
      "s", space: SearchSpace([Parameter("x", .float(FloatDomain(0, 1)))]),
      objectives: objectives ?? [Objective("loss", goal)],
      stopping: StoppingChoice(name, metric: metric, options: options))
  }

  init(_ name: String, _ options: [String: JSONValue] = [:], goal: Goal = .minimise) throws {
    study = try Self.study(name, options, goal: goal)
    rule = try Self.make(study)
  }

  static func make(_ study: StudyDefinition) throws -> any StoppingRule {
    guard let rule = try catalog.stoppingRule(for: study) else { throw NoRule() }
    return rule
  }

  struct NoRule: Error {}

  mutating func observe(_ trial: TrialNumber, _ kind: TrialEvent.Kind) {
    let event = TrialEvent(trial, kind)
    events.append(event)
    rule.observe(event)
  }

  /// Reports a value, and observes it with what was decided on it.
  @discardableResult
  mutating func report(_ trial: TrialNumber, _ step: Int, _ value: Double) -> Decision {
    var report = TrialReport(Measurement(["loss": value], step: step), attempt: attempts[trial] ?? 1)
    report.decision = rule.decision(on: report, of: trial)
    observe(trial, .reported(report))
    return report.decision
  }

  mutating func complete(_ trial: TrialNumber) { observe(trial, .completed(Measurement(["loss": 0]))) }

  /// Hands a trial out again.
  mutating func restart(_ trial: TrialNumber) {
    attempts[trial, default: 1] += 1
    observe(trial, .requeued(reason: "preempted"))
  }

  /// A trial whose values at steps 1, 2, … are these, and which completes.
  mutating func run(_ trial: TrialNumber, _ values: [Double]) {
    for (index, value) in values.enumerated() { report(trial, index + 1, value) }
    complete(trial)
  }
}
