import ArgumentParser
import TuningAPI
import TuningModel

/// `hone schedule`.
struct ScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Shows with which parameters the best member of a population, or a self-tuning network, trained.",
    discussion: """
      What population-based training finds is a schedule together with a trained state, not one point of the space. Each \
      row says from which step on which values hold. With --json the answer of the REST API, whose lineage names the \
      trials that the best one went through. Before there is a trial, the exit status is 3.

      With --replay a study of that name is created whose members train through the schedule, without exploiting, as hone \
      run evaluates it: with other seeds of the program, other data, or the same for a check. hone schedule shows nothing then.

      EXAMPLES

        hone schedule resnet --db hone.db
        hone schedule resnet --csv > schedule.csv
        hone schedule resnet --replay resnet-again --members 3 --db hone.db
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Flag(help: "Write comma-separated values: a column for the step and one for each parameter.")
  var csv = false

  @Option(help: ArgumentHelp("Create a study of this name that trains through the schedule.", valueName: "name"))
  var replay: String?

  @Option(help: ArgumentHelp("With --replay: how many members train through it.", valueName: "n"))
  var members: Int?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if csv && output.isJSON { throw ValidationError("Give either --csv or --json.") }
    if csv && replay != nil { throw ValidationError("Give either --csv or --replay.") }
    if members != nil && replay == nil { throw ValidationError("--members belongs to --replay.") }
    if let members, !(1...10_000).contains(members) { throw ValidationError("--members must be from 1 to 10000.") }
  }

  func run() async throws {
    if let replay { return try await create(replay) }
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

  private func create(_ name: String) async throws {
    let created = try await connection.place().use { client in
      try await client.createReplay(of: study, as: name, members: members ?? 1)
    }
    if !created.isNew { Terminal.errors.write("hone: the study \(name) was there already, unchanged\n") }
    output.write(created.summary.json, StudyDisplay.details(created.summary))
  }
}
