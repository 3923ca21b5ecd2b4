import ArgumentParser
import Foundation

/// `hone plot`.
struct PlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draws what studies have found.",
    discussion: """
      As HTML a plot is a page that loads nothing from anywhere, whose marks say what they are when they are pointed at; as \
      SVG the picture alone; as term characters for the terminal, in colour unless NO_COLOR is set.

      EXAMPLES

        hone plot history resnet --db hone.db
        hone plot slice resnet --format html --output slice.html
      """,
    subcommands: [
      PlotHistoryCommand.self, PlotSliceCommand.self, PlotParallelCommand.self, PlotImportanceCommand.self,
      PlotContourCommand.self, PlotTimelineCommand.self, PlotStepsCommand.self,
    ])
}

/// The form of a plot and where it goes.
struct PlotOutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case term, svg, html
  }

  @Option(help: "The form: term, svg or html.")
  var format = Format.term

  @OptionGroup var file: OutputFile

  /// Writes a figure in the form that was asked for.
  func write(_ figure: Figure) throws(CommandFailure) {
    let text =
      switch format {
      case .term:
        TextDrawing(
          width: Terminal.output.width,
          isColoured: TextDrawing.wantsColours(
            isInteractive: file.path == nil && Terminal.output.isInteractive, ProcessInfo.processInfo.environment)
        ).text(figure)
      case .svg: SVGDrawing.svg(figure) + "\n"
      case .html: FigurePage.html(figure)
      }
    try file.write(text)
  }
}

/// Which metric is shown.
struct PlotMetricOptions: ParsableArguments {
  @Option(
    help:
      "The metric: an objective, or one that an outcome constraint bounds; needed where there are several objectives.")
  var metric: String?
}

/// Which parameters are shown.
struct PlotParameterOptions: ParsableArguments {
  @Option(
    name: .customLong("parameter"), parsing: .upToNextOption,
    help: ArgumentHelp("The parameters to show, in this order, instead of all.", valueName: "name"))
  var parameters: [String] = []
}
