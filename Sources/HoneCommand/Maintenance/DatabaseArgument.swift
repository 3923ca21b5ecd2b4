import ArgumentParser
import SQLiteStorage
import TuningModel

/// A database file to look after.
struct DatabaseArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The database file.", valueName: "file"), completion: .file())
  var database: String

  /// The file, which has to be there.
  ///
  /// - Throws: `CommandFailure` where it is not.
  func existing() throws -> DatabaseFile { try Self.existing(database) }

  static func existing(_ path: String) throws -> DatabaseFile {
    let file = try DatabaseFile(path)
    if !file.exists { throw CommandFailure(.notFound, "there is no database \(path).") }
    return file
  }
}
