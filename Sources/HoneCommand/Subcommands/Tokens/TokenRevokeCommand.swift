import ArgumentParser
import TuningModel

/// `hone token revoke`.
struct TokenRevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Ends an access token at once.",
    discussion: """
      Without any token that is good the server answers nobody; another one is made on the database file (--db) while the \
      server is stopped.

      EXAMPLE

        hone token revoke 3f9c1a7be2d04c58
      """)

  @Argument(help: "The id of the token.")
  var id: String

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    try await connection.place().useAccess { client in try await client.revokeToken(id) }
  }
}
