import ArgumentParser
import TuningAPI
import TuningModel

/// `hone ask`.
struct AskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Asks for trials to evaluate.",
    discussion: """
      Each trial comes with a lease, whose token hone tell takes as a proof. With --worker the worker's own unfinished \
      trials come back first, so an answer that got lost is received again. Where there is nothing to hand out just \
      now, standard error says why and the answer is empty; when there will be no more, the exit status is 10.

      EXAMPLES

        hone ask resnet --db hone.db
        hone ask resnet --count 4 --worker me --lease-seconds 600 --json
        hone ask resnet --fix optimizer=sgd --fix batch=64 --db hone.db
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Option(help: ArgumentHelp("How many trials.", valueName: "n"))
  var count = 1

  @Option(help: ArgumentHelp("This worker's name for itself.", valueName: "name"))
  var worker: String?

  @Option(
    help: ArgumentHelp(
      "How long the trials are yours; the study's trial time-out, else a day, where left out.", valueName: "seconds"))
  var leaseSeconds: Double?

  @Option(
    name: .customLong("fix"),
    help: ArgumentHelp(
      "A value that the trials shall have, the tuner choosing the others; may be repeated.",
      valueName: "parameter=value"),
    transform: ParameterArgument.init)
  var fixed: [ParameterArgument] = []

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if count < 1 { throw ValidationError("--count must be at least 1.") }
    if let leaseSeconds, !(leaseSeconds > 0) { throw ValidationError("--lease-seconds must be above 0.") }
    _ = try ParameterArgument.object(fixed)
  }

  func run() async throws {
    var request = AskRequest(count: count, worker: worker, leaseSeconds: leaseSeconds)
    request.fixed = try JSONReader.read(try ParameterArgument.object(fixed), at: "/fixed") { Parameters(reading: $0) }
    let answer = try await connection.place().use { client in try await client.ask(study, request) }
    output.write(answer.json, Self.text(answer.trials))
    if let shortfall = answer.shortfall {
      Terminal.errors.write(
        "hone: \(answer.trials.count) of \(count) trials: \(Self.words(shortfall))\(answer.detail.map { ": " + $0 } ?? "")\n"
      )
      if answer.trials.isEmpty && shortfall.retryAfterSeconds == nil {
        throw ExitCode(ExitStatus.studyFinished.rawValue)
      }
    }
  }

  /// Each trial with its values in full, as they are to be evaluated.
  private static func text(_ trials: [Trial]) -> String {
    trials.map { trial in
      var text = "trial \(trial.number)"
      if let lease = trial.lease { text += "  lease \(lease.token) until \(lease.expiresAt.text)" }
      for (name, value) in trial.parameters.sorted(by: { $0.key < $1.key }) {
        text += "\n  \(name) = \(value.description.onOneLine(atMost: 100_000))"
      }
      if let request = trial.request { text += "\n  request \(request.json.text)" }
      return text + "\n"
    }.joined()
  }

  private static func words(_ shortfall: AskAnswer.Shortfall) -> String {
    switch shortfall {
    case .paused: "the study is paused"
    case .finished: "the study is finished"
    case .budgetReserved: "the rest of the budget is reserved by trials under way"
    case .parallelLimit: "as many trials are under way as the study allows at once"
    case .spaceExhausted: "every point of the space has been tried"
    case .awaitingResults: "the tuner needs the results of trials under way before it goes on"
    case .tunerFinished: "the tuner has come to its end"
    }
  }
}
