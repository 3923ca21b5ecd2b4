import ArgumentParser
import TuningAPI
import TuningModel

/// `hone token list`.
struct TokenListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the access tokens, those that ended too.",
    discussion: """
      When a token was last used is known to five minutes.

      EXAMPLE

        hone token list --db hone.db
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let tokens = try await connection.place().useAccess { client in
      try await allElements { page in try await client.tokens(page) }
    }
    output.write(Page(tokens, nextToken: nil).json, Self.table(tokens))
  }

  private static func table(_ tokens: [AccessToken]) -> String {
    var table = Table(["ID", "NAME", "SCOPES", "STUDIES", "CREATED", "LAST USED", "ENDS"])
    for token in tokens {
      let scopes = AccessScope.allCases.filter(token.scopes.contains).map(\.rawValue).joined(separator: ",")
      let end = token.revokedAt.map { "revoked \($0.text)" } ?? token.expiresAt?.text ?? "never"
      table.add([
        token.id, token.name, scopes, token.studyPrefix.map { $0 + "*" } ?? "all", token.createdAt.text,
        token.lastUsedAt?.text ?? "", end,
      ])
    }
    return table.text
  }
}
