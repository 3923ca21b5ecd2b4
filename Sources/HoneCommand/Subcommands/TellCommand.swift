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

      A trial with a request, as the tuners that follow gradients ask, is told with --oracle: the answer as JSON, its file, \
      or - for standard input. The objective follows from the answer where it is left out.

      A trial that is a part of a member's training needs --checkpoint: where its state is, for others to go on from.

      EXAMPLES

        hone tell resnet 17 loss=0.31 latency_ms=12 --db hone.db
        hone tell resnet 18 --failed --reason "out of memory" --db hone.db
        hone tell resnet 19 --pruned --db hone.db
        hone tell resnet 20 loss=0.2 --checkpoint s3://models/resnet/20
        hone tell ridge 4 --oracle '{"g": 0.31, "grad_g_norm": 1.2, "z": [0.1, -0.2], "eps_hat": 0.01, "delta_hat": 0}'
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(help: "The trial's number.")
  var number: Int

  @OptionGroup var ending: OutcomeOptions

  @Option(help: ArgumentHelp("The answer to the trial's request, as JSON, a file or -.", valueName: "json"))
  var oracle: String?

  @Option(help: ArgumentHelp("Where the state that the trial has ended with can be found.", valueName: "uri"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("How far the trial has come, in steps of your own.", valueName: "n"))
  var step: Int?

  @Option(
    help: ArgumentHelp(
      "The token that came with the trial; needed once the trial has been handed out a second time.",
      valueName: "token"))
  var leaseToken: String?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if ending.isEmpty && oracle == nil {
      throw ValidationError("Tell metrics, --oracle, or one of --failed, --infeasible and --pruned.")
    }
    if oracle != nil, ending.hasFailed || ending.isInfeasible || ending.isPruned {
      throw ValidationError("--oracle goes with a trial that is completed.")
    }
    if checkpoint != nil || step != nil, ending.hasFailed || ending.isInfeasible || ending.isPruned {
      throw ValidationError("--checkpoint and --step go with a trial that is completed.")
    }
  }

  func run() async throws {
    var outcome = ending.outcome
    if case .completed(var measurement) = outcome {
      measurement.oracle = try oracle.map { try Self.answer(JSONInput($0)) }
      measurement.checkpoint = checkpoint
      measurement.step = step
      outcome = .completed(measurement)
    }
    let result = TrialResult(outcome, leaseToken: leaseToken)
    let trial = try await connection.place().use { client in
      try await client.tell(study, number, result)
    }
    output.write(trial.json, TrialDisplay.details(trial))
  }

  private static func answer(_ input: JSONInput) throws -> OracleAnswer {
    let json = try input.read()
    do throws(InvalidInput) {
      return try JSONReader.read(json, at: "/oracle", OracleAnswer.init(reading:))
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }
}
