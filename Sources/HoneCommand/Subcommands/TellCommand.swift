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

  @OptionGroup var ending: OutcomeOptions

  @Option(
    help: ArgumentHelp(
      "The token that came with the trial; needed once the trial has been handed out a second time.",
      valueName: "token"))
  var leaseToken: String?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if ending.isEmpty { throw ValidationError("Tell metrics, or one of --failed, --infeasible and --pruned.") }
  }

  func run() async throws {
    let trial = try await connection.place().use { client in
      try await client.tell(study, number, TrialResult(ending.outcome, leaseToken: leaseToken))
    }
    output.write(trial.json, TrialDisplay.details(trial))
  }
}
