import ArgumentParser
import Foundation
import SQLiteStorage
import TuningModel

/// `hone export`.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a study with all its trials to a file.",
    discussion: """
      csv     a row for each trial: state, parameters, metrics, times, worker, and the study's labels
      jsonl   the study on the first line and a trial on each that follows, with its intermediate measurements; \
      hone import jsonl makes an equal study of it
      optuna  a SQLite storage, for which --output is needed; Optuna 3.2 and later open it and go on with it. \
      Ordinal parameters become categorical, vectors several parameters, and infeasible trials FAIL, unless a value is \
      infinite; constraints are left out.

      EXAMPLES

        hone export resnet csv --output trials.csv --db hone.db
        hone export resnet jsonl | gzip > resnet.jsonl.gz
        hone export resnet optuna --output optuna.db --db hone.db
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl, optuna
  }

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(help: "The form: csv, jsonl or optuna.")
  var format: Format

  @OptionGroup var output: OutputFile
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if format == .optuna, output.path == nil { throw ValidationError("optuna needs --output FILE.") }
  }

  func run() async throws {
    let (source, trials) = try await connection.place().use { client in
      let source = try await client.study(study).study
      let selection = TrialSelection(withMeasurements: true)
      return (source, try await allElements { page in try await client.trials(study, selection, page) })
    }
    switch format {
    case .csv: try output.write(TrialSheet.text(source, trials))
    case .jsonl: try output.write(StudyLines.text(source, trials))
    case .optuna:
      let export = OptunaExport(source, trials)
      try OptunaFile(output.path ?? "").write(export.study)
      for note in export.notes { Terminal.errors.write("hone: \(note)\n") }
    }
    if let path = output.path { Terminal.errors.write("hone: wrote \(trials.count) trials to \(path)\n") }
  }
}
