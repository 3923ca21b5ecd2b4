import ArgumentParser
import TuningAPI
import TuningModel

/// `hone tell`.
struct TellCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tell",
    abstract: "Tells a trial's result.",
    discussion: """
      Either the metrics, or --failed or --infeasible: an infeasible point teaches the tuner to stay away from it, a \
      failed trial teaches nothing. --pruned tells that the trial was stopped early, with metrics of its own or, without, \
      those that were reported last; a trial that hone report said to stop is pruned whatever is told. Telling the same again is harmless; telling something else is a conflict (exit \
      status 4). Metrics may be nan, inf and -inf.

      EXAMPLES

        hone tell resnet 17 loss=0.31 latency_ms=12 --db hone.db
        hone tell resnet 18 --failed --reason "out of memory" --db hone.db
        hone tell resnet 19 --pruned --db hone.db
      """)

  @Argument(help: "The study's name.")
  var study: String

  @Argument(help: "The trial's number.")
  var number: Int

  @Argument(help: ArgumentHelp("The metrics.", valueName: "metric=value"), transform: MetricArgument.init)
  var metrics: [MetricArgument] = []

  @Flag(name: .customLong("failed"), help: "The trial ended without a result.")
  var hasFailed = false

  @Flag(name: .customLong("infeasible"), help: "The objective has no value at this point.")
  var isInfeasible = false

  @Flag(name: .customLong("pruned"), help: "The trial was stopped early.")
  var isPruned = false

  @Option(help: ArgumentHelp("Why, in your own words; with --failed, --infeasible and --pruned.", valueName: "text"))
  var reason: String?

  @Option(
    help: ArgumentHelp(
      "The token that came with the trial; without one the result is taken as long as the trial is open.",
      valueName: "token"))
  var leaseToken: String?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if [hasFailed, isInfeasible, isPruned || !metrics.isEmpty].count(where: { $0 }) != 1 {
      throw ValidationError("Tell metrics, or one of --failed, --infeasible and --pruned.")
    }
    if reason != nil && !hasFailed && !isInfeasible && !isPruned {
      throw ValidationError("--reason goes with --failed, --infeasible or --pruned.")
    }
    if Set(metrics.map(\.name)).count < metrics.count { throw ValidationError("A metric is told twice.") }
  }

  func run() async throws {
    let measurement = Measurement(Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.value) }))
    let outcome: TrialResult.Outcome =
      if hasFailed {
        .failed(reason: reason)
      } else if isInfeasible {
        .infeasible(reason: reason)
      } else if isPruned {
        .pruned(reason: reason, metrics.isEmpty ? nil : measurement)
      } else {
        .completed(measurement)
      }
    let trial = try await connection.place().use { client in
      try await client.tell(study, number, TrialResult(outcome, leaseToken: leaseToken))
    }
    output.write(trial.json, TrialDisplay.details(trial))
  }
}
