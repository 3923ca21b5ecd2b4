import ArgumentParser
import Foundation
import SQLiteStorage
import TuningModel

/// `hone doctor`.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Looks for what may keep Hone from working.",
    discussion: """
      Looks at the program, the system, the libraries and the clock; with --db at what surrounds a database file; with \
      --server, or HONE_SERVER, at a server. Each line is ok, warn or fail, with advice where something can be done. The \
      exit status is 1 when anything fails. It changes nothing and may run beside a server. hone db check looks inside \
      the database.

      EXAMPLES

        hone doctor --db hone.db
        hone doctor --server http://127.0.0.1:8080 --json
      """)

  @Option(
    name: .customLong("db"), help: ArgumentHelp("The database file to look at.", valueName: "file"), completion: .file()
  )
  var database: String?

  @Option(help: ArgumentHelp("The address of the server to look at.", valueName: "url"))
  var server: String?

  @OptionGroup var output: OutputOptions

  func run() async throws {
    var found = SystemDiagnosis.all()
    if let database {
      do throws(StudyError) {
        found += DatabaseDiagnosis(file: try DatabaseFile(database)).all()
      } catch {
        found.append(Diagnosis(.fail, "database", error.message, advice: "Check the path."))
      }
    }
    let environment = ProcessInfo.processInfo.environment
    if let server = server ?? environment["HONE_SERVER"].flatMap({ $0.isEmpty ? nil : $0 }) {
      let token = environment["HONE_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
      found += await ServerDiagnosis(server: try ConnectionOptions.address(server), token: token).all()
    }
    let failures = found.count { $0.verdict == .fail }
    let json: JSONValue = ["ok": .bool(failures == 0), "checks": .array(found.map(\.json))]
    output.write(json, found.map(\.line).joined())
    if failures > 0 { throw ExitCode(ExitStatus.failed.rawValue) }
  }
}
