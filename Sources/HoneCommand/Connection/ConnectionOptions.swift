import ArgumentParser
import Foundation
import TuningModel

/// Where the studies are: in a database file, or on a server.
struct ConnectionOptions: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp("The database file to work on, without a server.", valueName: "file"), completion: .file())
  var database: String?

  @Option(
    help: ArgumentHelp(
      """
      The address of the server to work on, such as http://127.0.0.1:8080; without --db and --server that of the \
      environment variable HONE_SERVER.
      """, valueName: "url"))
  var server: String?

  @Option(
    help: ArgumentHelp(
      """
      The access token for the server. The environment variable HONE_TOKEN is the better place for it: other users of the \
      machine can see arguments.
      """, valueName: "token"))
  var token: String?

  func validate() throws {
    if database != nil && server != nil {
      throw ValidationError("--db and --server exclude each other.")
    }
  }

  /// Where the studies are.
  ///
  /// - Throws: `CommandFailure` when nobody says, or when the address is none.
  func place(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(CommandFailure) -> StudyPlace
  {
    if let database { return .database(path: database) }
    guard let text = server ?? environment["HONE_SERVER"], !text.isEmpty else {
      throw CommandFailure(
        .usage, "where are the studies? Name a database with --db FILE, or a server with --server URL or HONE_SERVER.")
    }
    let token = (token ?? environment["HONE_TOKEN"]).flatMap { $0.isEmpty ? nil : $0 }
    // It goes into a header field: anything but these would be another request, or none.
    if let token, !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
      throw CommandFailure(.usage, "the access token has characters that none has; one is hone_…_….")
    }
    return .server(try Self.address(text), token: token)
  }

  /// The address of a server.
  static func address(_ text: String) throws(CommandFailure) -> URL {
    guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme), url.host != nil
    else {
      throw CommandFailure(.usage, "\"\(text)\" is no address of a server, such as http://127.0.0.1:8080.")
    }
    return url
  }
}

/// How answers are written.
struct OutputOptions: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Write JSON, for programs.")
  var isJSON = false

  /// Writes data to standard output, in the form that was asked for.
  func write(_ json: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String) {
    Terminal.output.write(isJSON ? json().prettyText + "\n" : text())
  }
}
