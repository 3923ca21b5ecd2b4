import ArgumentParser
import TuningAPI
import TuningModel

/// `hone trial edit`.
struct TrialEditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Corrects how a finished trial ended, or takes it out.",
    discussion: """
      The tuner goes by the correction from then on; what was suggested before stays as it was. An excluded trial stays \
      in the record, but the tuner forgets it and it is no candidate for the best. One that waits ends as failed. With \
      --revision it is done only if the trial has not changed since you saw it (exit status 4 otherwise).

      EXAMPLES

        hone trial edit resnet 17 loss=0.31 --db hone.db
        hone trial edit resnet 18 --failed --reason "wrong data set" --db hone.db
        hone trial edit resnet 19 --exclude --db hone.db
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(help: "The trial's number.")
  var number: Int

  @OptionGroup var ending: OutcomeOptions

  @Flag(name: .customLong("exclude"), help: "Take the trial out of what the study goes by.")
  var isExcluded = false

  @Option(help: ArgumentHelp("The revision that the trial must still have.", valueName: "n"))
  var revision: Int?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if ending.isEmpty != isExcluded {
      throw ValidationError("Give metrics, or one of --failed, --infeasible, --pruned and --exclude.")
    }
  }

  func run() async throws {
    let trial = try await connection.place().use { client in
      isExcluded
        ? try await client.exclude(study, number, revision: revision)
        : try await client.correct(study, number, ending.outcome, revision: revision)
    }
    output.write(trial.json, TrialDisplay.details(trial))
  }
}
