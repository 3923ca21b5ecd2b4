import ArgumentParser
import TuningAPI
import TuningModel

/// `hone checkpoints`.
struct CheckpointsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoints",
    abstract: "Lists the states that trials left, and which are still wanted.",
    discussion: """
      Pinned states may be gone on from, or are the best; collectable ones may be deleted. The service keeps names only: \
      whoever keeps the states deletes them and says so with --deleted. hone run does both for the states in its folder.

      EXAMPLES

        hone checkpoints resnet --db hone.db
        hone checkpoints resnet --state collectable --json | jq -r '.checkpoints[].checkpoint'
        hone checkpoints resnet --deleted s3://models/17 --deleted s3://models/18
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Option(
    help: ArgumentHelp(
      """
      Only states that are so, may be repeated: \
      \(KnownCheckpoint.State.allCases.map(\.rawValue).joined(separator: ", ")).
      """, valueName: "state"),
    transform: choice)
  var state: [KnownCheckpoint.State] = []

  @Option(
    help: ArgumentHelp("Note that this state was deleted, may be repeated; nothing is listed.", valueName: "name"))
  var deleted: [String] = []

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if !deleted.isEmpty && !state.isEmpty { throw ValidationError("--deleted and --state exclude each other.") }
  }

  func run() async throws {
    let place = try connection.place()
    if !deleted.isEmpty {
      try await place.use { client in try await client.noteDeleted(study, deleted) }
      return output.write(DeletedCheckpoints(deleted).json, "noted: \(deleted.count) deleted\n")
    }
    let all = try await place.use { client in
      try await allElements(atMost: nil) { page in try await client.checkpoints(study, page) }
    }
    let shown = state.isEmpty ? all : all.filter { state.contains($0.state) }
    output.write(Page(shown, nextToken: nil).json, Self.table(shown))
  }

  private static func table(_ checkpoints: [KnownCheckpoint]) -> String {
    // Whoever reads a name wants to use it, so it is not cut.
    var table = Table(["TRIAL", "STEP", "STATE", "CHECKPOINT"], cellLimit: 4_096)
    for checkpoint in checkpoints {
      table.add([
        "\(checkpoint.trial)", checkpoint.step.map { "\($0)" } ?? "", checkpoint.state.rawValue,
        checkpoint.checkpoint,
      ])
    }
    return table.text
  }
}
