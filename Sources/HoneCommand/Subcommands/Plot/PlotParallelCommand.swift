import ArgumentParser

/// `hone plot parallel`.
struct PlotParallelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parallel",
    abstract: "Draws every trial as a line through all parameters, coloured by the metric.",
    discussion: """
      EXAMPLES

        hone plot parallel resnet --format html --output parallel.html --db hone.db
        hone plot parallel resnet --parameter lr layers batch
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @OptionGroup var parameters: PlotParameterOptions
  @OptionGroup var metric: PlotMetricOptions
  @OptionGroup var output: PlotOutputOptions
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let plotted = try await connection.place().use { client in
      try await PlottedStudy(of: study, metric: metric.metric, from: client)
    }
    try output.write(try ParallelPlot.figure(plotted, parameters: parameters.parameters))
  }
}
