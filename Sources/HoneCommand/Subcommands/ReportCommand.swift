import ArgumentParser
import TuningAPI
import TuningModel

/// `hone report`.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Reports an intermediate measurement of a trial.",
    discussion: """
      Writes what is to become of the trial by the study's stopping rule, and says it by its exit status too: 0 to \
      continue, 11 to stop. A member of a population may be told to exploit: the answer then has, as JSON, the checkpoint and \
      the parameters to go on with. A trial that is to stop is over; end its program, and tell it with hone tell --pruned. A \
      report renews the lease. Steps increase; reporting the same again is answered alike, another measurement at the \
      same step is a conflict (exit status 4). Metrics may be nan, inf and -inf, which rank worst.

      EXAMPLES

        hone report resnet 17 loss=0.5 --step 3 --lease-token 0123… --db hone.db
        hone report resnet 17 loss=0.4 --step 4 --lease-token 0123… || exit
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(help: "The trial's number.")
  var number: Int

  @Argument(help: ArgumentHelp("The metrics.", valueName: "metric=value"), transform: MetricArgument.init)
  var metrics: [MetricArgument]

  @Option(help: ArgumentHelp("How far the trial is, in steps of your own: epochs, batches, …", valueName: "n"))
  var step: Int

  @Option(help: ArgumentHelp("The token that came with the trial.", valueName: "token"))
  var leaseToken: String

  @Option(help: ArgumentHelp("Where the trial's state of now can be found again.", valueName: "uri"))
  var checkpoint: String?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if Set(metrics.map(\.name)).count < metrics.count { throw ValidationError("A metric is reported twice.") }
    if step < 0 { throw ValidationError("--step must be at least 0.") }
  }

  func run() async throws {
    let measurement = Measurement(
      Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.value) }), step: step, checkpoint: checkpoint)
    let decision = try await connection.place().use { client in
      try await client.report(study, number, measurement, leaseToken: leaseToken)
    }
    let text = if case .exploit = decision { "exploit \(decision.json.text)\n" } else { decision.action + "\n" }
    output.write(ReportAnswer(decision).json, text)
    if decision == .stop { throw ExitCode(ExitStatus.stopTrial.rawValue) }
  }
}
