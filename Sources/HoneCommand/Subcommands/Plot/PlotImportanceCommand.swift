import ArgumentParser
import TuningModel

/// `hone plot importance`.
struct PlotImportanceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "importance",
    abstract: "Draws how much of the metric's variance is due to each parameter.",
    discussion: """
      The figures of hone importance, which see for what they mean.

      EXAMPLES

        hone plot importance resnet --db hone.db
        hone plot importance resnet --best 0.25 --format html --output importance.html
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @OptionGroup var importance: ImportanceOptions
  @OptionGroup var output: PlotOutputOptions
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let report = try await connection.place().use { client in
      try await client.importance(study, importance.selection)
    }
    try output.write(ImportancePlot.figure(report, of: study))
  }
}
