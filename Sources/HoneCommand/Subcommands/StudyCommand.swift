import ArgumentParser

/// `hone study`: what concerns whole studies.
struct StudyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Creates, lists, shows, pauses, resumes and deletes studies.",
    subcommands: [
      StudyCreateCommand.self, StudyListCommand.self, StudyShowCommand.self, StudyPauseCommand.self,
      StudyResumeCommand.self, StudyDeleteCommand.self,
    ])
}
