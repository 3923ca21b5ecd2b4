import ArgumentParser
import Foundation
import Hone
import SQLiteStorage
import TuningModel

/// `hone db restore`.
struct DatabaseRestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Puts a backup in the place of a database.",
    discussion: """
      The backup is looked through first. The database must not be in use: stop its server. What was there before is kept \
      beside it, as FILE.before-restore-TIME.

      EXAMPLE

        hone db restore /backups/hone.db hone.db
      """)

  @Argument(help: ArgumentHelp("The file that hone db backup wrote.", valueName: "backup"), completion: .file())
  var backup: String

  @OptionGroup var file: DatabaseArgument
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let source = try DatabaseArgument.existing(backup)
    let target = try DatabaseFile(file.database)
    let restoration = try target.restore(from: source, suffix: Self.stamp(Date()), .standard)
    let json = JSONValue.object(omittingNil: [
      "database": .string(target.path), "backup": .string(source.path),
      "previous": restoration.previous.map(JSONValue.string), "check": restoration.check.json,
    ])
    let kept = restoration.previous.map { "; what was there before is \($0)" } ?? ""
    output.write(json, "\(target.path): \(restoration.check.summary)\(kept)\n")
  }

  /// A moment in UTC as part of a file's name.
  private static func stamp(_ date: Date) -> String {
    date.formatted(
      Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt))
  }
}
