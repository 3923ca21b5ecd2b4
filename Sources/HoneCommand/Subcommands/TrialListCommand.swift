import ArgumentParser
import TuningAPI
import TuningModel

/// `hone trial list`.
struct TrialListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the trials of a study.",
    discussion: """
      EXAMPLES

        hone trial list resnet --db hone.db
        hone trial list resnet --state completed --order-by value --limit 10 --db hone.db
        hone trial list resnet --state failed --json | jq -r '.trials[].reason'
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Option(
    help: ArgumentHelp(
      """
      Only trials in this state, may be repeated: \(TrialState.allCases.map(\.rawValue).joined(separator: ", ")).
      """, valueName: "state"),
    transform: choice)
  var state: [TrialState] = []

  @Option(help: ArgumentHelp("Only trials of this worker.", valueName: "name"))
  var worker: String?

  @Option(
    help: ArgumentHelp("The order: \(TrialOrder.all.map(\.text).joined(separator: ", ")).", valueName: "order"),
    transform: Self.order)
  var orderBy = TrialOrder(.number)

  @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
  var limit: Int?

  @Flag(name: .customLong("measurements"), help: "With --json: the trials' intermediate measurements too.")
  var withMeasurements = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  private static func order(_ text: String) throws -> TrialOrder {
    if let order = TrialOrder(text: text) { return order }
    throw ValidationError("\"\(text)\" is not one of \(TrialOrder.all.map(\.text).joined(separator: ", ")).")
  }

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
  }

  func run() async throws {
    let selection = TrialSelection(
      states: state, worker: worker, order: orderBy, withMeasurements: withMeasurements)
    let trials = try await connection.place().use { client in
      try await allElements(atMost: limit) { page in try await client.trials(study, selection, page) }
    }
    output.write(Page(trials, nextToken: nil).json, TrialDisplay.table(trials))
  }
}
