import ArgumentParser
import TuningAPI
import TuningModel

/// `hone trial requeue`.
struct TrialRequeueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "requeue",
    abstract: "Gives a trial back, to be handed out again.",
    discussion: """
      EXAMPLE

        hone trial requeue resnet 17 --reason "the node goes down" --db hone.db
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(help: "The trial's number.")
  var number: Int

  @Option(help: ArgumentHelp("Why, in your own words.", valueName: "text"))
  var reason: String?

  @Option(
    help: ArgumentHelp(
      "The token that came with the trial; needed once the trial has been handed out a second time.",
      valueName: "token"))
  var leaseToken: String?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let trial = try await connection.place().use { client in
      try await client.requeue(study, number, leaseToken: leaseToken, reason: reason)
    }
    output.write(trial.json, TrialDisplay.details(trial))
  }
}
