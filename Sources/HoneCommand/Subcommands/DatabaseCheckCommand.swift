import ArgumentParser
import Hone
import SQLiteStorage
import TuningModel

/// `hone db check`.
struct DatabaseCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Looks for damage, gaps and contradictions in a database.",
    discussion: """
      Reads all of it at one moment: SQLite's own integrity check and foreign keys; then for each study, that events and \
      trials are numbered without gaps, that the log leads to the trials that are stored, that no trial was handed to two \
      workers at once and no budget exceeded, and that the snapshot can be read. Nothing is changed, and a server may hold \
      the database meanwhile. The exit status is 0 when it is sound (warnings included), 1 when it is damaged.

      EXAMPLES

        hone db check hone.db
        hone db check hone.db --json | jq .findings
      """)

  @OptionGroup var file: DatabaseArgument
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let check = try file.existing().check(.standard)
    output.write(check.json, check.text)
    if !check.isSound {
      Terminal.errors.write(
        "hone: \(check.path) is damaged. Keep a copy of it, and put back a backup with hone db restore.\n")
      throw ExitCode(ExitStatus.failed.rawValue)
    }
  }
}
