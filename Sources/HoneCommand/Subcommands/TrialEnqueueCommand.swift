import ArgumentParser
import TuningAPI
import TuningModel

/// `hone trial enqueue`.
struct TrialEnqueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enqueue",
    abstract: "Adds trials: to be tried next, or as results from elsewhere.",
    discussion: """
      Trials to be tried come before what the tuner proposes and count against the budget once they are handed out. A \
      trial with metrics, or with the state infeasible or failed, is a result from elsewhere: the tuner learns from it, \
      and no budget pays for it. Either one trial by its values, or any number as JSON: one object or an array of them, \
      each with parameters and, for a result, metrics or state and reason.

      EXAMPLES

        hone trial enqueue resnet lr=0.01 layers=4 --db hone.db
        hone trial enqueue resnet --from '{"parameters": {"lr": 0.1}, "metrics": {"loss": 0.4}}' --db hone.db
        hone trial enqueue resnet --from trials.json --db hone.db
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(
    help: ArgumentHelp("The values of one trial, as JSON or as text.", valueName: "parameter=value"),
    transform: ParameterArgument.init)
  var values: [ParameterArgument] = []

  @Option(
    help: ArgumentHelp("JSON with the trials: a file, - for standard input, or the text itself.", valueName: "json"))
  var from: String?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if values.isEmpty == (from == nil) { throw ValidationError("Give either values or --from.") }
    _ = try ParameterArgument.object(values)
  }

  func run() async throws {
    let wanted: [JSONValue]
    if let from {
      let json = try JSONInput(from).read()
      if case .array(let elements) = json { wanted = elements } else { wanted = [json] }
    } else {
      wanted = [["parameters": try ParameterArgument.object(values)]]
    }
    let request = try EnqueueRequest(request: JSONValue.object(["trials": .array(wanted)]).bytes)
    let trials = try await connection.place().use { client in try await client.enqueue(study, request.trials) }
    output.write(TrialList(trials).json, TrialDisplay.table(trials))
  }
}
