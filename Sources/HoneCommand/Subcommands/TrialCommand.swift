import ArgumentParser

/// `hone trial`: what concerns single trials.
struct TrialCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trial",
    abstract: "Lists and shows trials.",
    subcommands: [TrialListCommand.self, TrialShowCommand.self])
}
