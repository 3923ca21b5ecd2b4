import ArgumentParser
import Foundation
import HoneClient
import TuningAPI
import TuningModel

/// `hone watch`.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Shows what happens in a study on a server, as it happens.",
    discussion: """
      It begins with the next event, or with --after at a place in the log, 0 for its beginning, and ends when the study is \
      deleted. Where the connection breaks it goes on from where it was. A result that is better than all before is marked.

      EXAMPLES

        hone watch resnet
        hone watch resnet --after 0 --json | jq 'select(.kind == "completed")'
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Option(help: ArgumentHelp("Begin after this place in the log.", valueName: "n"))
  var after: Int?

  @OptionGroup var connection: ConnectionOptions

  @Flag(name: .customLong("json"), help: "Write each event as one JSON object on a line.")
  var isJSON = false

  func validate() throws {
    if let after, after < 0 { throw ValidationError("--after must be at least 0.") }
  }

  func run() async throws {
    guard case .server(let url, let token) = try connection.place() else {
      throw CommandFailure(.usage, "hone watch follows a study on a server; name one with --server or HONE_SERVER.")
    }
    let client = RemoteStudyClient(server: url, token: token)
    let events = client.events(study, after: after)
    if isJSON {
      for try await notice in events { Terminal.output.write(notice.json.text + "\n") }
      return
    }
    let definition = try await client.study(study).study.definition
    // From a place in the past on, the entries themselves say what was best.
    let best = after == nil && definition.objectives.count == 1 ? try await client.best(study) : nil
    var display = NoticeDisplay(definition, best: best)
    for try await notice in events { Terminal.output.write(display.line(notice)) }
  }
}
