import ArgumentParser
import TuningAPI
import TuningModel

/// `hone best`.
struct BestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best",
    abstract: "Shows the best trial so far.",
    discussion: """
      The best trial is the completed one with the best objective among those that keep the study's outcome \
      constraints. Before there is one, the exit status is 3.

      EXAMPLES

        hone best resnet --db hone.db
        hone best resnet --json | jq .trial.parameters
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    guard let trial = try await connection.place().use({ client in try await client.best(study) }) else {
      throw CommandFailure(
        .notFound, "the study \(study) has no completed trial yet that keeps its constraints; hone trial list shows all"
      )
    }
    output.write(BestAnswer(trial).json, TrialDisplay.details(trial))
  }
}
