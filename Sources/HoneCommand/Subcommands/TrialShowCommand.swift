import ArgumentParser
import TuningAPI
import TuningModel

/// `hone trial show`.
struct TrialShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows one trial, with its measurements, and the reason where it failed.",
    discussion: """
      EXAMPLE

        hone trial show resnet 17 --db hone.db
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(help: "The trial's number.")
  var number: Int

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let trial = try await connection.place().use { client in try await client.trial(study, number) }
    output.write(trial.json, TrialDisplay.details(trial))
  }
}
