import ArgumentParser

/// `hone trial`: what concerns single trials.
struct TrialCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trial",
    abstract: "Lists, shows, adds, corrects and gives back trials.",
    subcommands: [
      TrialListCommand.self, TrialShowCommand.self, TrialEnqueueCommand.self, TrialEditCommand.self,
      TrialRequeueCommand.self,
    ])
}
