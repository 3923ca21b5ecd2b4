import ArgumentParser

/// `hone bilevel`.
struct BilevelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bilevel",
    abstract: "Tunes many penalties of a model at once by gradients through its training.",
    subcommands: [BilevelTuneCommand.self, BilevelCheckCommand.self],
    defaultSubcommand: BilevelTuneCommand.self)
}
