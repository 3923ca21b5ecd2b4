import ArgumentParser
import TuningAPI
import TuningModel

/// `hone importance`.
struct ImportanceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "importance",
    abstract: "Shows which parameters matter.",
    discussion: """
      How much of the metric's variance over the whole search space is due to each parameter, by a model of the completed \
      trials: ALONE is what the parameter does whatever the others are, TOTAL what would be lost without it, with all \
      interactions in which it takes part. Both are shares of the whole, with log scales as they are searched. A \
      conditional parameter does nothing where it is inactive. The standard error is that over the model's trees; EXPLAINED \
      says how well the model predicts trials that it has not seen, and near 0 the shares mean nothing. It takes ten \
      completed trials (exit status 4 before).

      With --best only differences among the best trials count: what it takes to be better there.

      EXAMPLES

        hone importance resnet --db hone.db
        hone importance resnet --best 0.25 --json --server http://127.0.0.1:8080
        hone importance fast-and-good --metric latency_ms --db hone.db
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @OptionGroup var importance: ImportanceOptions
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let report = try await connection.place().use { client in
      try await client.importance(study, importance.selection)
    }
    output.write(report.json, ImportanceDisplay(report).text)
  }
}

/// Which metric parameters may be important for.
struct ImportanceOptions: ParsableArguments {
  @Option(help: "The metric; needed where there are several objectives.")
  var metric: String?

  @Option(help: ArgumentHelp("Take values worse than this best share of them for the worst of it.", valueName: "share"))
  var best = 1.0

  var selection: ImportanceSelection { ImportanceSelection(metric: metric, best: best) }

  func validate() throws {
    if !(best > 0 && best <= 1) { throw ValidationError("--best must be above 0 and at most 1.") }
  }
}
