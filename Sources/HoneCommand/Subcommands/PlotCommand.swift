import ArgumentParser

/// `hone plot`.
struct PlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draws what studies have found.", subcommands: [PlotHistoryCommand.self])
}
