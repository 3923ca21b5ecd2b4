import ArgumentParser
import StudyOperations
import TuningModel

/// `hone replay`.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Computes past suggestions again from the log and compares them with what is stored.",
    discussion: """
      Each suggestion is computed from the events that it saw. On the same kind of processor and with the same versions \
      of Hone and OpenBLAS it is the same to the last bit; otherwise the table shows by how much the parameters differ, \
      each on its own scale from 0 to 1. The exit status is 0 when all are equal, 1 when something differs.

      EXAMPLES

        hone replay resnet 17 18 --db hone.db
        hone replay resnet --all --db hone.db --json | jq '.trials[] | select(.result != "equal")'
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(help: ArgumentHelp("The trials' numbers.", valueName: "trial"))
  var numbers: [Int] = []

  @Flag(name: .customLong("all"), help: "All trials of the study.")
  var isForAll = false

  @Option(
    name: .customLong("db"), help: ArgumentHelp("The database file to work on.", valueName: "file"), completion: .file()
  )
  var database: String

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if numbers.isEmpty != isForAll { throw ValidationError("Name trials, or say --all.") }
  }

  func run() async throws {
    let replays = try await StudyPlace.use(database) { service in
      try await service.replay(study, trials: isForAll ? nil : numbers)
    }
    output.write(json(replays), Self.table(replays))
    let others = replays.count { $0.outcome != .equal }
    if others > 0 {
      Terminal.errors.write("hone: \(others) of \(replays.count) suggestions are not what the log gives here\n")
      throw ExitCode(ExitStatus.failed.rawValue)
    }
  }

  private static func table(_ replays: [TrialReplay]) -> String {
    var table = Table(["TRIAL", "TUNER", "HISTORY", "RESULT", "DIFFERENCE", "NOTE"])
    for replay in replays {
      table.add([
        "\(replay.number)", replay.stored.origin.tuner, "\(replay.stored.origin.history)", replay.outcome.name,
        replay.outcome.difference.map(NumberText.short) ?? "", replay.note,
      ])
    }
    return table.text
  }

  private func json(_ replays: [TrialReplay]) -> JSONValue {
    [
      "study": .string(study), "equal": .bool(replays.allSatisfy { $0.outcome == .equal }),
      "trials": .array(
        replays.map { replay in
          .object(omittingNil: [
            "number": .integer(replay.number), "result": .string(replay.outcome.name),
            "difference": replay.outcome.difference.map(JSONValue.number),
            "reason": replay.outcome.reason.map(JSONValue.string), "numerics": replay.numerics,
            "stored_numerics": replay.storedNumerics,
          ])
        }),
    ]
  }
}

extension TrialReplay {
  fileprivate var note: String {
    if let reason = outcome.reason { return reason }
    return numerics != nil && storedNumerics != numerics ? "computed by other versions or on another processor" : ""
  }
}

extension TrialReplay.Outcome {
  fileprivate var name: String {
    switch self {
    case .equal: "equal"
    case .differs: "differs"
    case .failed: "failed"
    }
  }

  fileprivate var difference: Double? {
    if case .differs(let difference) = self { difference } else { nil }
  }

  fileprivate var reason: String? {
    if case .failed(let reason) = self { reason } else { nil }
  }
}
