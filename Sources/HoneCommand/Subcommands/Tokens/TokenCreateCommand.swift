import ArgumentParser
import StudyOperations
import TuningAPI
import TuningModel

/// `hone token create`.
struct TokenCreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Makes an access token and writes it to standard output.",
    discussion: """
      It is shown this once: the database keeps only a digest of it. Scopes do not imply one another:

        read   read studies and trials
        work   ask, report, tell, heartbeat, requeue; read the study worked on
        write  create, change and delete studies; add and correct trials
        admin  make and revoke tokens, read the audit

      EXAMPLES

        export HONE_TOKEN=$(hone token create me --scopes read,work,write,admin --db hone.db)
        hone token create node-3 --scopes work --prefix vision- --expires-in 30d
      """)

  @Argument(help: "What to call it.")
  var name: String

  @Option(help: ArgumentHelp("What it may do: read, work, write, admin, with commas between.", valueName: "scopes"))
  var scopes: String

  @Option(help: ArgumentHelp("It may use only studies whose names begin with this.", valueName: "text"))
  var prefix: String?

  @Option(
    help: ArgumentHelp("How long it is good, such as 90m, 12h or 30d; for ever where left out.", valueName: "time"),
    transform: TimeSpan.seconds)
  var expiresIn: Double?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let scopes: [AccessScope] = try scopes.split(separator: ",").map { try choice(String($0)) }
    let request = AccessTokenRequest(
      name: name, scopes: Set(scopes), studyPrefix: prefix,
      expiresAt: expiresIn.map { SystemClock().now.advanced(bySeconds: $0) })
    let issued = try await connection.place().useAccess(creating: true) { client in
      do {
        return try await client.createToken(request)
      } catch let error as StudyError {
        throw CommandFailure(error, subject: "the access token")
      }
    }
    output.write(issued.json, issued.credential.text + "\n")
    Terminal.errors.write("hone: made the access token \(issued.token.id); it is not shown again\n")
  }
}
