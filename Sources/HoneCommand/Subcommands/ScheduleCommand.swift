import ArgumentParser
import TuningAPI
import TuningModel

/// `hone schedule`.
struct ScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Shows with which parameters the best member of a population trained, step by step.",
    discussion: """
      What population-based training finds is a schedule together with a trained state, not one point of the space. Each \
      row says from which step on which values hold. With --json the answer of the REST API, whose lineage names the \
      trials that the best one went through. Before there is a trial, the exit status is 3.

      EXAMPLES

        hone schedule resnet --db hone.db
        hone schedule resnet --csv > schedule.csv
      """)

  @Argument(help: "The study's name.")
  var study: String

  @Flag(help: "Write comma-separated values: a column for the step and one for each parameter.")
  var csv = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if csv && output.isJSON { throw ValidationError("Give either --csv or --json.") }
  }

  func run() async throws {
    let (schedule, names) = try await connection.place().use { client in
      let parameters = try await client.study(study).study.definition.space.parameters
      return (try await client.schedule(study), parameters.map(\.name))
    }
    guard let schedule else {
      throw CommandFailure(.notFound, "the study \(study) has no completed trial yet; hone trial list shows all")
    }
    let display = ScheduleDisplay(schedule, parameters: names)
    if csv { return Terminal.output.write(display.csv) }
    output.write(ScheduleAnswer(schedule).json, display.text)
  }
}
