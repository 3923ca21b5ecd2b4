import ArgumentParser

/// `hone token`: who may use a server.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Makes, lists and revokes access tokens; shows who did what.",
    discussion: """
      From its first access token on a database is served only to whoever has one. The first is made on the database file \
      (--db) while no server holds it, or on a server that has none yet.
      """,
    subcommands: [
      TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self, TokenAuditCommand.self,
    ])
}
