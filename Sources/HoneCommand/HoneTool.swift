import ArgumentParser
import TuningModel

/// The command `hone`.
@main
struct HoneTool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hone",
    abstract: "Tunes the parameters of any program.",
    discussion: """
      A study is a space of parameters with an objective. A tuner proposes points of it as trials; workers evaluate \
      them and tell the results. All of it works on a database file (--db FILE) or on a server (--server URL, or \
      the environment variables HONE_SERVER and HONE_TOKEN).

      EXAMPLE

        hone study create resnet.json --db hone.db
        hone run resnet --db hone.db -- python train.py --lr {lr} --bs {batch}
        hone best resnet --db hone.db

      hone help shows where to begin, and further topics.

      Data goes to standard output, as a table or with --json for programs; everything else to standard error.

      EXIT STATUS

      \(ExitStatus.table)
      """,
    version: HoneVersion.current,
    subcommands: [
      ServeCommand.self, StudyCommand.self, TrialCommand.self, AskCommand.self, ReportCommand.self, TellCommand.self,
      BestCommand.self, ScheduleCommand.self, CheckpointsCommand.self, PredictCommand.self,
      ImportanceCommand.self, RunCommand.self, BilevelCommand.self, SelfTuningCommand.self, ImportCommand.self,
      ExportCommand.self,
      PlotCommand.self, ReplayCommand.self,
      WatchCommand.self, TokenCommand.self,
      DatabaseCommand.self, DoctorCommand.self, CompletionCommand.self,
    ])

  static func main() async {
    do {
      let words = CommandLine.arguments.dropFirst()
      if words.first == "help", let page = try HelpTopic.page(Array(words.dropFirst())) {
        Terminal.output.write(page)
        exitProcess(.success)
      }
      var command = try await asyncParseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      exitProcess(.success)
    } catch {
      leave(after: error)
    }
  }

  /// Says what went wrong and exits with the status that stands for it.
  private static func leave(after error: any Error) -> Never {
    switch error {
    case let failure as CommandFailure: leave(failure)
    case let error as StudyError: leave(CommandFailure(error))
    default: break
    }
    let text = fullMessage(for: error)
    switch exitCode(for: error) {
    case .success:
      Terminal.output.write(text + "\n")
      exitProcess(.success)
    case .validationFailure:
      let label = "Error: "
      leave(CommandFailure(.usage, text.hasPrefix(label) ? String(text.dropFirst(label.count)) : text))
    case let code:
      if error is ExitCode { exitProcess(code.rawValue) }
      leave(CommandFailure(.failed, message(for: error)))
    }
  }

  private static func leave(_ failure: CommandFailure) -> Never {
    Terminal.errors.write("hone: \(failure.message)\n")
    exitProcess(failure.status)
  }
}
