import ArgumentParser

/// `hone study`: what concerns whole studies.
struct StudyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Creates, lists and shows studies.",
    subcommands: [StudyCreateCommand.self, StudyListCommand.self, StudyShowCommand.self])
}
