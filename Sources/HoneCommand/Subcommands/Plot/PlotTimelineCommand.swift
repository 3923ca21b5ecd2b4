import ArgumentParser
import Foundation
import TuningModel

/// `hone plot timeline`.
struct PlotTimelineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline",
    abstract: "Draws when each worker worked on which trial.",
    discussion: """
      EXAMPLES

        hone plot timeline resnet --db hone.db
        hone plot timeline resnet --format html --output timeline.html
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @OptionGroup var output: PlotOutputOptions
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let plotted = try await connection.place().use { client in
      // Whichever the metric is, the times are the same.
      let metric = try await client.study(study).study.definition.objectives.first?.metric
      return try await PlottedStudy(of: study, metric: metric, from: client)
    }
    let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    try output.write(try TimelinePlot.figure(plotted, now: now))
  }
}
