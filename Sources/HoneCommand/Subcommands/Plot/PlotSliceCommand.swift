import ArgumentParser

/// `hone plot slice`.
struct PlotSliceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slice",
    abstract: "Draws the metric against each parameter.",
    discussion: """
      EXAMPLES

        hone plot slice resnet --db hone.db
        hone plot slice resnet --parameter lr layers --format svg --output slice.svg
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
    try output.write(try SlicePlot.figure(plotted, parameters: parameters.parameters))
  }
}
