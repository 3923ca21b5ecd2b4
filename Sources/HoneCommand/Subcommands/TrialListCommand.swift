import ArgumentParser
import TuningAPI
import TuningModel

/// `hone trial list`.
struct TrialListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the trials of a study by number.",
    discussion: """
      EXAMPLES

        hone trial list resnet --db hone.db
        hone trial list resnet --state failed --json | jq -r '.trials[].reason'
      """)

  @Argument(help: "The study's name.")
  var study: String

  @Option(
    help: ArgumentHelp(
      "Only trials in this state: \(TrialState.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "state"),
    transform: choice)
  var state: TrialState?

  @Flag(name: .customLong("measurements"), help: "With --json: the trials' intermediate measurements too.")
  var withMeasurements = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let trials = try await connection.place().use { client in
      try await allElements { page in
        try await client.trials(study, state: state, withMeasurements: withMeasurements, page)
      }
    }
    output.write(Page(trials, nextToken: nil).json, TrialDisplay.table(trials))
  }
}
