import ArgumentParser
import Foundation
import SQLiteStorage
import TuningModel

/// `hone import`.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Makes a study of a file with trials from elsewhere.",
    discussion: """
      Finished trials enter as results from elsewhere: the tuner learns from them, and no budget pays for them. Trials \
      that the study cannot have are left out and listed with the reason.

      EXAMPLES

        hone import optuna optuna.db --dry-run
        hone import optuna optuna.db --study resnet --metric loss --db hone.db
        hone import jsonl resnet.jsonl --name resnet-again --db hone.db
        hone import csv runs.csv --definition resnet.json --db hone.db
      """,
    subcommands: [ImportOptunaCommand.self, ImportLinesCommand.self, ImportSheetCommand.self])
}

/// What all imports have in common.
struct ImportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The name of the study that is made.", valueName: "name"))
  var name: String?

  @Flag(help: "Say what would be imported and what would be left out, and write nothing.")
  var dryRun = false

  @Flag(help: "Import nothing where a trial would be left out (exit status 1).")
  var strict = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  /// Carries a plan out, or says what it is.
  func finish(_ plan: ImportPlan) async throws {
    let isRefused = strict && !plan.refused.isEmpty
    if !dryRun && !isRefused {
      _ = try await connection.place().use(creating: true) { client in try await plan.carryOut(in: client) }
    }
    let isDry = dryRun || isRefused
    output.write(plan.json(dryRun: isDry), plan.text(dryRun: isDry))
    if isRefused {
      throw CommandFailure(.failed, "nothing was imported: \(plan.refused.count) trials would be left out")
    }
  }

  /// The text of a file, or of standard input for `-`.
  static func text(_ path: String) throws(CommandFailure) -> String {
    do {
      let handle = try path == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    } catch {
      throw CommandFailure(.notFound, "\(path) cannot be read: \(error.localizedDescription)")
    }
  }
}

/// `hone import optuna`.
struct ImportOptunaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "optuna",
    abstract: "Imports a study from a SQLite storage of Optuna.",
    discussion: """
      The file is only read; storages of Optuna 2.4 and later are understood. Distributions become parameters. Where a \
      parameter had several ranges it gets the one that holds them all; one that some trials lack becomes conditional on \
      the parameter whose values say when it is there. COMPLETE, PRUNED and FAIL trials enter with their intermediate \
      values, WAITING ones wait if they fix all parameters, RUNNING ones are left out. An infinite value makes a trial \
      infeasible. Attributes of the study become labels; those of trials, times and constraints are left out.

      EXAMPLES

        hone import optuna optuna.db --dry-run
        hone import optuna optuna.db --study resnet --metric loss --max-trials 100 --db hone.db
      """)

  @Argument(help: "Optuna's SQLite file.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("The study in the file; needed where it has several.", valueName: "name"))
  var study: String?

  @Option(help: ArgumentHelp("What to call the objective; once for each where there are several.", valueName: "name"))
  var metric: [String] = []

  @Option(help: ArgumentHelp("The tuner that goes on with it.", valueName: "name"))
  var tuner: String?

  @Option(help: ArgumentHelp("How many trials may follow.", valueName: "n"))
  var maxTrials: Int?

  @OptionGroup var options: ImportOptions

  func validate() throws {
    if let maxTrials, maxTrials < 1 { throw ValidationError("--max-trials must be at least 1.") }
  }

  func run() async throws {
    let source = OptunaFile(file)
    let names = try source.studies()
    guard let name = study ?? (names.count == 1 ? names.first : nil) else {
      throw CommandFailure(
        .usage,
        names.isEmpty
          ? "\(file) has no study"
          : "\(file) has several studies; choose one with --study: \(names.joined(separator: ", "))")
    }
    let plan = try OptunaImport.plan(
      source.study(name),
      OptunaImport.Choices(name: options.name, metrics: metric, tuner: tuner, maxTrials: maxTrials))
    try await options.finish(plan)
  }
}

/// `hone import jsonl`.
struct ImportLinesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jsonl",
    abstract: "Imports a study that hone export jsonl wrote.",
    discussion: """
      Definition, parameters, metrics, intermediate measurements, states, reasons and exclusions are those of the export; \
      trials that were under way wait to be tried. Times are those of the import; workers, and parts of a population's \
      training, are left out.

      EXAMPLE

        hone import jsonl resnet.jsonl --db hone.db
      """)

  @Argument(help: ArgumentHelp("The file, or - for standard input.", valueName: "file|-"), completion: .file())
  var file: String

  @OptionGroup var options: ImportOptions

  func run() async throws {
    let lines = try ImportOptions.text(file).split(separator: "\n").map(String.init)
    try await options.finish(try StudyLines.plan(lines, name: options.name, source: file))
  }
}

/// `hone import csv`.
struct ImportSheetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "csv",
    abstract: "Imports trials from comma-separated values.",
    discussion: """
      The first row names the columns: parameter.lr or lr for parameters, metric.loss or loss for metrics, and where there \
      are any state, reason, step, excluded and standard_error.loss. A row without metrics and state waits to be tried. \
      Parameters that are inactive have empty cells. The study is described by a JSON file, as for hone study create.

      EXAMPLE

        hone import csv runs.csv --definition resnet.json --db hone.db
      """)

  @Argument(help: ArgumentHelp("The file, or - for standard input.", valueName: "file|-"), completion: .file())
  var file: String

  @Option(help: ArgumentHelp("The study's JSON file.", valueName: "file"), completion: .file())
  var definition: String

  @OptionGroup var options: ImportOptions

  func run() async throws {
    let input = JSONInput(definition)
    var json = try input.read()
    if let name = options.name, case .object(var fields) = json {
      fields["name"] = .string(name)
      json = .object(fields)
    }
    let study: StudyDefinition
    do throws(InvalidInput) {
      study = try StudyDefinition(json)
    } catch {
      throw CommandFailure(StudyError(error), subject: input.name)
    }
    let table = try CSVTable(ImportOptions.text(file), source: file, namesOptions: false)
    try await options.finish(try TrialSheet.plan(table, of: study, source: file))
  }
}
