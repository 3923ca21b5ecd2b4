import ArgumentParser
import TuningModel

/// `hone plot history`.
struct PlotHistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Draws the trials of studies in order, with the best so far.",
    discussion: """
      Several studies, such as the same program under two tuners, share one picture, with tables of the best parameters.

      EXAMPLES

        hone plot history resnet --db hone.db
        hone plot history resnet resnet-random --format html --output report.html
      """)

  @Argument(help: "The studies' names.", completion: .studies)
  var studies: [String]

  @OptionGroup var metric: PlotMetricOptions
  @OptionGroup var output: PlotOutputOptions
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let plotted = try await connection.place().use { client in
      var plotted: [PlottedStudy] = []
      for name in studies { plotted.append(try await PlottedStudy(of: name, metric: metric.metric, from: client)) }
      return plotted
    }
    try output.write(try HistoryPlot.figure(plotted))
  }
}
