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
      optuna  a SQLite storage, which Optuna 3.2 and later open and go on with. Ordinal parameters become categorical, \
      vectors several parameters, and infeasible trials FAIL, unless a value is infinite; constraints are left out.

      EXAMPLES

        hone export resnet csv --out trials.csv --db hone.db
        hone export resnet jsonl | gzip > resnet.jsonl.gz
        hone export resnet optuna --out optuna.db --db hone.db
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl, optuna
  }

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(help: "The form: csv, jsonl or optuna.")
  var format: Format

  @Option(
    name: [.long, .customShort("o")],
    help: ArgumentHelp("The file to write, instead of standard output; optuna needs it.", valueName: "file"),
    completion: .file())
  var out: String?

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if format == .optuna, out == nil { throw ValidationError("optuna needs --out FILE.") }
  }

  func run() async throws {
    let (source, trials) = try await connection.place().use { client in
      let source = try await client.study(study).study
      let selection = TrialSelection(withMeasurements: true)
      return (source, try await allElements { page in try await client.trials(study, selection, page) })
    }
    switch format {
    case .csv: try write(TrialSheet.text(source, trials))
    case .jsonl: try write(StudyLines.text(source, trials))
    case .optuna:
      let export = OptunaExport(source, trials)
      try OptunaFile(out ?? "").write(export.study)
      for note in export.notes { Terminal.errors.write("hone: \(note)\n") }
    }
    if let out { Terminal.errors.write("hone: wrote \(trials.count) trials to \(out)\n") }
  }

  private func write(_ text: String) throws {
    guard let out else { return Terminal.output.write(text) }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    } catch {
      throw CommandFailure(.failed, "\(out) cannot be written: \(error.localizedDescription)")
    }
  }
}
