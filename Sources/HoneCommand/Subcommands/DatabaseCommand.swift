import ArgumentParser

/// `hone db`.
struct DatabaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db", abstract: "Looks after a database file.",
    subcommands: [
      DatabaseCheckCommand.self, DatabaseBackupCommand.self, DatabaseRestoreCommand.self, DatabaseMigrateCommand.self,
    ])
}
