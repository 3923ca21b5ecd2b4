import ArgumentParser
import Hone
import SQLiteStorage
import TuningModel

/// `hone db backup`.
struct DatabaseBackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copies a database, also while a server runs on it.",
    discussion: """
      The copy is of one moment. It appears under its name only once it is whole, looked through as hone db check does, and \
      on the disk; a backup that was broken off leaves the one before as it was. An existing file is replaced only with \
      --force.

      EXAMPLES

        hone db backup hone.db /backups/hone-$(date +%F).db
        hone db backup hone.db /backups/hone.db --force
      """)

  @OptionGroup var file: DatabaseArgument

  @Argument(help: ArgumentHelp("The file to write.", valueName: "backup"), completion: .file())
  var target: String

  @Flag(help: "Replace the file if there is one.")
  var force = false

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let source = try file.existing()
    let target = try DatabaseFile(target)
    if target.exists && !force {
      throw CommandFailure(
        .conflict, "there is a file \(target.path) already; name another, or say --force to replace it.")
    }
    let check = try source.backUp(to: target, overwriting: force, .standard)
    let json: JSONValue = [
      "database": .string(source.path), "backup": .string(target.path), "bytes": .integer(target.size),
      "check": check.json,
    ]
    output.write(json, "\(target.path): \(check.summary), \(ByteText.text(target.size))\n")
  }
}

extension DatabaseCheck {
  /// What it holds, in few words.
  var summary: String {
    "\(studies.count) \(studies.count == 1 ? "study" : "studies"), "
      + "\(studies.map(\.trials).reduce(0, +)) trials, \(studies.map(\.events).reduce(0, +)) events"
  }
}
