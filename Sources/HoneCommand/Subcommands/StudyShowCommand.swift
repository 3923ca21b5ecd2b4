import ArgumentParser
import TuningAPI
import TuningModel

/// `hone study show`.
struct StudyShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows a study: its space, its objectives and its progress.",
    discussion: """
      EXAMPLES

        hone study show resnet --db hone.db
        hone study show resnet --json | jq .trial_counts
      """)

  @Argument(help: ArgumentHelp("The study's name.", valueName: "study"), completion: .studies)
  var name: String

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let summary = try await connection.place().use { client in try await client.study(name) }
    output.write(summary.json, StudyDisplay.details(summary))
  }
}
