import ArgumentParser
import TuningAPI
import TuningModel

/// `hone token audit`.
struct TokenAuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Shows who created, changed and deleted studies and tokens, the newest first.",
    discussion: """
      EXAMPLES

        hone token audit --limit 20 --db hone.db
        hone token audit --json | jq '.entries[] | select(.action == "study_deleted")'
      """)

  @Option(help: ArgumentHelp("How many entries, 1 to 1000.", valueName: "n"))
  var limit = 100

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let entries = try await connection.place().useAccess { client in
      try await client.audit(PageRequest(size: limit)).elements
    }
    output.write(Page(entries, nextToken: nil).json, Self.table(entries))
  }

  private static func table(_ entries: [AuditEntry]) -> String {
    var table = Table(["WHEN", "WHAT", "OF", "BY", "REQUEST"])
    for entry in entries {
      let caller =
        switch entry.caller.kind {
        case .token: "token \(entry.caller.tokenID ?? "")"
        case .anonymous: "anonymous"
        case .local: "local"
        }
      table.add([entry.at.text, entry.action.rawValue, entry.subject, caller, entry.caller.requestID ?? ""])
    }
    return table.text
  }
}
