import ArgumentParser
import TuningAPI
import TuningModel

/// `hone study pause`.
struct StudyPauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Hands out no more trials of a study until it is resumed.",
    discussion: """
      Trials under way go on, and their results are taken.

      EXAMPLE

        hone study pause resnet --db hone.db
      """)

  @Argument(help: ArgumentHelp("The study's name.", valueName: "study"), completion: .studies)
  var name: String

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let summary = try await connection.place().use { client in
      try await client.update(name, StudyPatch(state: .paused), revision: nil)
    }
    output.write(summary.json, StudyDisplay.details(summary))
  }
}
