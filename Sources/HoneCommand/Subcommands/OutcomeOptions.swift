import ArgumentParser
import TuningModel

/// How a trial ended: by its metrics, or without a result.
struct OutcomeOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The metrics.", valueName: "metric=value"), transform: MetricArgument.init)
  var metrics: [MetricArgument] = []

  @Flag(name: .customLong("failed"), help: "The trial ended without a result.")
  var hasFailed = false

  @Flag(name: .customLong("infeasible"), help: "The objective has no value at this point.")
  var isInfeasible = false

  @Flag(name: .customLong("pruned"), help: "The trial was stopped early; metrics of its last state may go with it.")
  var isPruned = false

  @Option(help: ArgumentHelp("Why, in your own words; with --failed, --infeasible and --pruned.", valueName: "text"))
  var reason: String?

  /// Whether nothing was said.
  var isEmpty: Bool { !hasFailed && !isInfeasible && !isPruned && metrics.isEmpty }

  func validate() throws {
    if [hasFailed, isInfeasible, isPruned || !metrics.isEmpty].count(where: { $0 }) > 1 {
      throw ValidationError("Tell metrics, or one of --failed, --infeasible and --pruned.")
    }
    if reason != nil && !hasFailed && !isInfeasible && !isPruned {
      throw ValidationError("--reason goes with --failed, --infeasible or --pruned.")
    }
    if Set(metrics.map(\.name)).count < metrics.count { throw ValidationError("A metric is told twice.") }
  }

  /// The end of the trial.
  var outcome: TrialResult.Outcome {
    if hasFailed { return .failed(reason: reason) }
    if isInfeasible { return .infeasible(reason: reason) }
    let measurement = Measurement(Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.value) }))
    return isPruned ? .pruned(reason: reason, metrics.isEmpty ? nil : measurement) : .completed(measurement)
  }
}
