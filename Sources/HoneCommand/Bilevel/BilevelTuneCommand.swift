import ArgumentParser
import Bilevel
import Foundation
import TuningModel

/// `hone bilevel tune`, which `hone bilevel` alone means.
struct BilevelTuneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Tunes the hyperparameters of a built-in family of models on a file.",
    discussion: """
      Models are trained on some rows of a file of numbers, judged on others, and the gradient of that judgement by \
      the hyperparameters is followed, as accurately as the descent needs. In the end the model is trained anew, and \
      judged also on rows that played no part. Losses are means over rows: half the squared error of standardised \
      targets, the cross-entropy, or the squared hinge.

      Penalties are searched by their logarithm: theta = -3 stands for a penalty of e^-3. The interval holds the \
      validation loss of the exactly trained model; certified says that the gradient's error was bounded too, monotone \
      that it was not, heuristic that a constant is not known.

      Where the environment names a result file (HONE_RESULT, under hone run), the interval's upper end is reported \
      there as --metric, and half its width as its standard error.

      EXAMPLES

        hone bilevel --problem logistic --csv cancer.csv --target diagnosis --penalty per-feature
        hone bilevel --problem multinomial --csv digits.csv --no-header --split folds:5 --budget-hvp 5000 --json
        hone bilevel check-gradient --problem ridge --csv diabetes.csv
      """)

  @OptionGroup var problemOptions: BilevelProblemOptions
  @OptionGroup var runOptions: BilevelRunOptions

  @Option(help: ArgumentHelp("The most products with Hessians.", valueName: "n"))
  var budgetHvp: Int?

  @Option(help: ArgumentHelp("The most inner steps, gradients of the training loss.", valueName: "n"))
  var budgetSteps: Int?

  @Option(help: ArgumentHelp("What the objective is called in a result file.", valueName: "name"))
  var metric = "loss"

  @OptionGroup var output: OutputOptions

  func validate() throws {
    for budget in [budgetHvp, budgetSteps].compactMap({ $0 }) where budget < 1 {
      throw ValidationError("A budget must be at least 1.")
    }
    if !Name.isValid(metric) { throw ValidationError("--metric is no name of a metric.") }
  }

  func run() async throws {
    let problem = try problemOptions.read()
    var settings = try runOptions.settings(for: problem, seed: problemOptions.table.seed)
    settings.maximumHessianProducts = budgetHvp
    settings.maximumInnerSteps = budgetSteps
    let clock = ContinuousClock()
    let start = clock.now
    let report: BilevelReport
    do throws(BilevelRunError) {
      var run = try BilevelRun(problem.folds, settings: settings)
      var progress = BilevelProgress(scale: problem.lossScale)
      try run.finish { step, run in
        progress.show(step, run)
        return true
      }
      progress.end()
      report = try BilevelReport(run, of: problem)
    } catch {
      throw CommandFailure(error)
    }
    try writeResult(report)
    let seconds = (clock.now - start).inSeconds
    output.write(
      Self.json(report, problem, seconds: seconds), BilevelText.text(report, problem: problem, seconds: seconds))
  }

  private static func json(_ report: BilevelReport, _ problem: TabularProblem, seconds: Double) -> JSONValue {
    guard case .object(var fields) = report.json else { return report.json }
    fields["problem"] = .string(problem.kind.rawValue)
    fields["seconds"] = .number(seconds)
    return .object(fields)
  }

  /// Appends the objective to the file that `hone run` reads, where there is one.
  private func writeResult(_ report: BilevelReport) throws(CommandFailure) {
    guard let path = ProcessInfo.processInfo.environment["HONE_RESULT"], !path.isEmpty else { return }
    var fields: [String: JSONValue] = [metric: .number(report.interval.up), "test_loss": .number(report.test.loss)]
    let half = (report.interval.up - report.interval.low) / 2
    if half.isFinite { fields["standard_errors"] = .object([metric: .number(half)]) }
    do {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data((JSONValue.object(fields).text + "\n").utf8))
      try file.close()
    } catch {
      throw CommandFailure(.failed, "\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}

/// A line that shows on a terminal how a run goes.
struct BilevelProgress {
  private let scale: Double
  private let terminal = Terminal.errors
  private let isInteractive = Terminal.errors.isInteractive
  private var shown = ContinuousClock.now - .seconds(1)
  private var best = Double.infinity

  init(scale: Double) { self.scale = scale }

  mutating func show(_ step: BilevelRun.Step, _ run: BilevelRun) {
    if let value = step.interval?.up ?? step.answer?.g { best = min(best, value / scale) }
    guard isInteractive, ContinuousClock.now - shown > .milliseconds(100) else { return }
    shown = .now
    let text =
      "answer \(step.trial)  loss \(NumberText.short(best))  inner steps \(run.cost.gradients)"
      + "  Hessian products \(run.cost.hessianProducts)  accuracy \(NumberText.short(step.request.eps ?? 0))"
    terminal.write("\r\u{1B}[K" + String(text.prefix(max(0, terminal.width - 1))))
  }

  func end() { if isInteractive { terminal.write("\r\u{1B}[K") } }
}

/// A report as a person reads it.
enum BilevelText {
  /// More hyperparameters than these are left out.
  private static let mostShown = 20

  static func text(_ report: BilevelReport, problem: TabularProblem, seconds: Double) -> String {
    var text = ""
    var table = Table(["HYPERPARAMETER", "THETA", "VALUE"])
    for (parameter, theta) in zip(report.hyperparameters, report.theta).prefix(mostShown) {
      table.add([parameter.name, NumberText.short(theta), NumberText.short(parameter.value(at: theta))])
    }
    text += table.text
    if report.theta.count > mostShown {
      text += "and \(report.theta.count - mostShown) more (--json has all)\n"
    }
    var scores = Table(["", "LOSS", "ERROR", "ROWS"])
    for (name, score) in [
      ("train", report.training), ("validation", report.validation), ("test", report.test),
      ("validation at start", report.validationAtStart), ("test at start", report.testAtStart),
    ] {
      scores.add([
        name, NumberText.short(score.loss), score.error.map { NumberText.short(100 * $0) + " %" } ?? "",
        "\(score.rows)",
      ])
    }
    text += "\n" + scores.text
    let interval = report.interval
    text += String(
      format: "\nvalidation loss of the exact model: %.9g to %.9g, %@\n", interval.low, interval.up,
      interval.certification.rawValue)
    text += "cost: \(report.cost.gradients) inner steps, \(report.cost.hessianProducts) Hessian-vector products"
    if report.cost.directSolutions > 0 { text += ", \(report.cost.directSolutions) direct solutions" }
    text += ", \(report.gradients) gradients in \(report.answers) answers"
    if report.failures > 0 { text += ", \(report.failures) failed" }
    text += String(format: " (%.2f s)\n", seconds)
    text += "\(report.tuner) with \(report.method.rawValue): \(report.ending.text)\n"
    for reason in report.overfitReasons { text += "overfit? \(reason)\n" }
    return text
  }
}
