import ArgumentParser

/// `hone plot steps`.
struct PlotStepsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps",
    abstract: "Draws the intermediate measurements of each trial by step.",
    discussion: """
      EXAMPLES

        hone plot steps resnet --db hone.db
        hone plot steps resnet --format svg --output steps.svg
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @OptionGroup var metric: PlotMetricOptions
  @OptionGroup var output: PlotOutputOptions
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let plotted = try await connection.place().use { client in
      try await PlottedStudy(of: study, metric: metric.metric, from: client, withMeasurements: true)
    }
    try output.write(try StepsPlot.figure(plotted))
  }
}
