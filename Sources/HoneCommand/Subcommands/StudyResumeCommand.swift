import ArgumentParser
import TuningAPI
import TuningModel

/// `hone study resume`.
struct StudyResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Hands out trials of a study again.",
    discussion: """
      Also one that was finished goes on, as far as its budget lasts; --max-trials gives it another.

      EXAMPLE

        hone study resume resnet --db hone.db
      """)

  @Argument(help: ArgumentHelp("The study's name.", valueName: "study"), completion: .studies)
  var name: String

  @Option(
    help: ArgumentHelp("How many trials the study may have from now on, those that it had included.", valueName: "n"))
  var maxTrials: Int?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let maxTrials, maxTrials < 1 { throw ValidationError("--max-trials must be at least 1.") }
  }

  func run() async throws {
    let summary = try await connection.place().use { client in
      guard let maxTrials else { return try await client.update(name, StudyPatch(state: .active), revision: nil) }
      let before = try await client.study(name).study
      var budget = before.definition.budget
      budget.maxTrials = maxTrials
      return try await client.update(name, StudyPatch(state: .active, budget: budget), revision: before.revision)
    }
    output.write(summary.json, StudyDisplay.details(summary))
  }
}
