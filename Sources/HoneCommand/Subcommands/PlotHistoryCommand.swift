import ArgumentParser
import Foundation
import TuningModel

/// `hone plot history`.
struct PlotHistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Draws the trials of studies in order, with the best so far.",
    discussion: """
      Several studies, such as the same program under two tuners, share one picture. As HTML it is a page that loads \
      nothing from anywhere, with tables of the best parameters; as SVG the picture alone; as term characters for the \
      terminal.

      EXAMPLES

        hone plot history resnet --db hone.db
        hone plot history resnet resnet-random --format html --output report.html
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case term, svg, html
  }

  @Argument(help: "The studies' names.")
  var studies: [String]

  @Option(help: "The form: term, svg or html.")
  var format = Format.term

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write, instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let histories = try await connection.place().use { client in
      var histories: [StudyHistory] = []
      for name in studies { histories.append(try await StudyHistory(of: name, from: client)) }
      return histories
    }
    let text =
      switch format {
      case .term: HistoryText(histories: histories, columns: max(20, min(Terminal.output.width - 14, 100))).text()
      case .svg: HistoryChart(histories: histories).svg() + "\n"
      case .html: HistoryPage(histories: histories).html()
      }
    guard let output else { return Terminal.output.write(text) }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw CommandFailure(.failed, "\(output) cannot be written: \(error.localizedDescription)")
    }
  }
}
