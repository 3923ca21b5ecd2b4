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

  @Option(help: ArgumentHelp("Why, in your own words; with --failed and --infeasible.", valueName: "text"))
  var reason: String?

  /// Whether nothing was said.
  var isEmpty: Bool { !hasFailed && !isInfeasible && metrics.isEmpty }

  func validate() throws {
    if [hasFailed, isInfeasible, !metrics.isEmpty].count(where: { $0 }) > 1 {
      throw ValidationError("Tell metrics, or one of --failed and --infeasible.")
    }
    if reason != nil && !hasFailed && !isInfeasible {
      throw ValidationError("--reason goes with --failed or --infeasible.")
    }
    if Set(metrics.map(\.name)).count < metrics.count { throw ValidationError("A metric is told twice.") }
  }

  /// The end of the trial.
  var outcome: TrialResult.Outcome {
    if hasFailed { return .failed(reason: reason) }
    if isInfeasible { return .infeasible(reason: reason) }
    return .completed(Measurement(Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.value) })))
  }
}
