public import ArgumentParser
public import BestResponse
import Bilevel
import Foundation
import TuningModel

extension SelfTuningSettings.Method: ExpressibleByArgument {}

/// `hone stn`.
struct SelfTuningCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stn",
    abstract: "Trains one network on a file, which tunes its own dropouts and penalties meanwhile.",
    discussion: """
      A perceptron with rectifiers learns to tell the classes of a file's rows apart. Its weights respond to the \
      hyperparameters that are tuned; after every few steps of the weights by training rows, these take a step by \
      validation rows, through that response. So one training does what else a search of many would. Its product is a \
      schedule of the hyperparameters together with the trained weights, not one point.

      --tune takes dropout (one after each hidden layer), input_dropout, input_noise, weight_decay, layer_weight_decay \
      (one for each layer) and label_smoothing. What is not tuned is left out, or known by --known.

      The validation loss of the network at its hyperparameters is taken every --every steps, and where it was least \
      counts. Test rows are looked at then, and decide nothing. With --baselines the network is trained anew with \
      everything fixed at what tuning started from, with what it ended with, and through the whole schedule.

      EXAMPLES

        hone stn --csv digits.csv --no-header --no-standardise --divisor 16 --tune dropout,input_dropout
        hone stn --csv wine.csv --target cultivar --hidden 32 --tune weight_decay,input_noise --json
        hone stn --csv digits.csv --no-header --tune dropout --schedule schedule.csv --html report.html --baselines
      """)

  @OptionGroup var table: TableOptions

  @Option(help: ArgumentHelp("Only so many of the training rows, the first ones.", valueName: "n"))
  var trainingRows: Int?

  @Option(help: ArgumentHelp("The units in each hidden layer, separated by commas.", valueName: "units"))
  var hidden = "64,64"

  @Option(help: ArgumentHelp("What is tuned, separated by commas.", valueName: "names"))
  var tune = "dropout,input_dropout"

  @Option(
    help: ArgumentHelp(
      "Where something that is tuned starts, such as dropout=0.2; may be repeated.", valueName: "name=value"))
  var start: [String] = []

  @Option(
    help: ArgumentHelp(
      "A value of something that is not tuned, such as weight_decay=1e-4; may be repeated.", valueName: "name=value"))
  var known: [String] = []

  @Option(help: "stn for weights as functions of the hyperparameters, delta_stn for a linear response beside them.")
  var method: SelfTuningSettings.Method = .selfTuning

  @Option(help: ArgumentHelp("The steps of the weights.", valueName: "n"))
  var steps = 6_000

  @Option(help: ArgumentHelp("The steps of the weights before any of the hyperparameters.", valueName: "n"))
  var warmUp = 0

  @Option(help: ArgumentHelp("The steps of the weights in a turn.", valueName: "n"))
  var trainSteps = 2

  @Option(help: ArgumentHelp("The steps of the hyperparameters after them.", valueName: "n"))
  var validationSteps = 1

  @Option(help: ArgumentHelp("The rows of a step of the weights.", valueName: "n"))
  var batch = 64

  @Option(help: ArgumentHelp("The rows of a step of the hyperparameters.", valueName: "n"))
  var validationBatch = 300

  @Option(help: ArgumentHelp("The length of a step of the weights.", valueName: "number"))
  var rate = 0.05

  @Option(help: ArgumentHelp("How much of the last step of the weights stays in the next.", valueName: "number"))
  var momentum = 0.9

  @Option(help: ArgumentHelp("The length of a step of the response, of delta_stn.", valueName: "number"))
  var responseRate = 0.02

  @Option(help: ArgumentHelp("The length of a step of the hyperparameters' coordinates, by Adam.", valueName: "number"))
  var tuningRate = 0.03

  @Option(help: ArgumentHelp("The deviation of perturbations of these to begin with.", valueName: "number"))
  var deviation = 0.25

  @Option(help: ArgumentHelp("The weight of the entropy that keeps perturbations from vanishing.", valueName: "number"))
  var tau = 3e-4

  @Option(help: ArgumentHelp("The steps of the weights between looks at the validation loss.", valueName: "n"))
  var every = 10

  @Flag(help: "Train anew with fixed hyperparameters, and through the schedule, to compare.")
  var baselines = false

  @Option(
    help: ArgumentHelp("Write what the hyperparameters were at every step, as CSV.", valueName: "file"),
    completion: .file())
  var schedule: String?

  @Option(help: ArgumentHelp("Write a report with pictures, as one HTML file.", valueName: "file"), completion: .file())
  var html: String?

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let examples = try read()
    let perceptron = try perceptron(classes: examples.classes.count)
    let settings = try settings(of: perceptron)
    let clock = ContinuousClock()
    let began = clock.now
    var report = SelfTuningReport(
      method: method, watched: try watched(perceptron, settings, examples), examples: examples)
    advance(&report.watched, "")
    if baselines { report.baselines = try trainings(report, perceptron, settings) }
    report.seconds = (clock.now - began).inSeconds
    if let schedule { try OutputFile.write(report.watched.run.state.schedule.csv, to: schedule) }
    if let html {
      let name = table.csv.map { $0 == "-" ? "standard input" : URL(fileURLWithPath: $0).lastPathComponent } ?? ""
      try OutputFile.write(FigurePage.html(report.figure("Self-tuning on \(name)")), to: html)
    }
    output.write(report.json, report.text)
  }

  private func read() throws(CommandFailure) -> TabularExamples {
    guard table.csv != nil else { throw CommandFailure(.usage, "name a file with --csv") }
    guard trainingRows ?? 1 > 0 else { throw CommandFailure(.usage, "--training-rows takes a number from 2") }
    let data = try table.data(isRegression: false)
    let split = try table.splitting
    do throws(BilevelError) {
      return try TabularExamples(
        of: data, split: split, standardises: table.standardise, divisor: table.divisor,
        trainingRows: trainingRows, seed: table.seed)
    } catch {
      throw CommandFailure(.usage, error.sentence)
    }
  }

  private func perceptron(classes: Int) throws(CommandFailure) -> RegularisedPerceptron {
    let units = hidden.split(separator: ",").map { Int($0) }
    guard units.allSatisfy({ (1...100_000).contains($0 ?? 0) }) else {
      throw CommandFailure(.usage, "--hidden takes numbers of units, such as 64,64")
    }
    var tuned: [RegularisedPerceptron.Regulariser] = []
    for name in tune.split(separator: ",").map(String.init) {
      guard let regulariser = RegularisedPerceptron.Regulariser(rawValue: name) else {
        let names = RegularisedPerceptron.Regulariser.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(.usage, "--tune takes \(names), not \(name.onOneLine(atMost: 40))")
      }
      tuned.append(regulariser)
    }
    let (starts, known) = (try Self.values(start, "--start"), try Self.values(known, "--known"))
    do throws(BestResponseError) {
      return try RegularisedPerceptron(
        hidden: units.compactMap { $0 }, classes: classes, tuned: tuned, starts: starts, known: known)
    } catch {
      throw CommandFailure(.usage, error.sentence)
    }
  }

  private static func values(_ texts: [String], _ option: String) throws(CommandFailure) -> [String: Double] {
    var values: [String: Double] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
        throw CommandFailure(.usage, "\(option) takes name=value, not \(text.onOneLine(atMost: 40))")
      }
      values[parts[0]] = value
    }
    return values
  }

  private func settings(of perceptron: RegularisedPerceptron) throws(CommandFailure) -> SelfTuningSettings {
    for (name, value) in [
      ("--rate", rate), ("--response-rate", responseRate), ("--tuning-rate", tuningRate),
      ("--deviation", deviation),
    ] where !(value > 0 && value < 1e6) { throw CommandFailure(.usage, "\(name) takes a number above 0") }
    guard (0..<1).contains(momentum) else { throw CommandFailure(.usage, "--momentum takes a number from 0 to 1") }
    guard tau >= 0, tau < 1e6 else { throw CommandFailure(.usage, "--tau takes a number from 0") }
    for (name, value, least) in [
      ("--steps", steps, 1), ("--warm-up", warmUp, 0), ("--train-steps", trainSteps, 1),
      ("--validation-steps", validationSteps, 1), ("--batch", batch, 1), ("--validation-batch", validationBatch, 1),
      ("--every", every, 1),
    ] where !(least...1_000_000_000).contains(value) {
      throw CommandFailure(.usage, "\(name) takes a whole number from \(least)")
    }
    var settings = SelfTuningSettings(hyperparameters: perceptron.hyperparameters)
    settings.method = method
    settings.weightDecays = perceptron.weightDecays
    settings.labelSmoothing = perceptron.labelSmoothing
    (settings.batch, settings.validationBatch) = (batch, validationBatch)
    (settings.warmUp, settings.trainingSteps, settings.validationSteps) = (warmUp, trainSteps, validationSteps)
    settings.optimiser = .momentum(rate: rate, momentum: momentum)
    settings.responseOptimiser = .momentum(rate: responseRate, momentum: momentum)
    settings.tuningOptimiser = .adam(rate: tuningRate)
    (settings.deviation, settings.entropyWeight, settings.seed) = (deviation, tau, table.seed)
    return settings
  }

  private func watched(
    _ perceptron: RegularisedPerceptron, _ settings: SelfTuningSettings, _ examples: TabularExamples,
    replaying schedule: Schedule? = nil
  ) throws(CommandFailure) -> WatchedTraining {
    do throws(BestResponseError) {
      let run = try SelfTuningTraining(
        input: .vector(examples.features), layers: perceptron.layers, settings: settings, training: examples.training,
        validation: examples.validation)
      return WatchedTraining(
        run, validation: examples.validation, test: examples.test, every: every, replaying: schedule)
    } catch {
      throw CommandFailure(.usage, error.sentence)
    }
  }

  /// Goes on to the end, with a line on a terminal that shows how.
  private func advance(_ watched: inout WatchedTraining, _ name: String) {
    var progress = SelfTuningProgress(name: name, steps: steps)
    watched.advance(to: steps) { progress.show($0) }
    progress.end()
  }

  /// Trainings of the same network from the same start that tune nothing.
  private func trainings(
    _ report: SelfTuningReport, _ perceptron: RegularisedPerceptron, _ settings: SelfTuningSettings
  ) throws(CommandFailure) -> [SelfTuningReport.Baseline] {
    var fixed = settings
    fixed.method = .fixed
    var ended = fixed
    for (k, value) in report.watched.run.values.enumerated() { ended.hyperparameters[k].start = value }
    var results: [SelfTuningReport.Baseline] = []
    for (name, meaning, settings, schedule) in [
      ("fixed_start", "fixed at the start", fixed, nil), ("fixed_last", "fixed at the last values", ended, nil),
      ("schedule", "through the schedule", fixed, report.watched.run.state.schedule),
    ] as [(String, String, SelfTuningSettings, Schedule?)] {
      var watched = try watched(perceptron, settings, report.examples, replaying: schedule)
      advance(&watched, meaning + ": ")
      results.append(
        SelfTuningReport.Baseline(
          name: name, meaning: meaning, best: watched.best, last: watched.last, divergedAt: watched.divergedAt))
    }
    return results
  }
}

/// A line that shows on a terminal how a training goes.
struct SelfTuningProgress {
  var name: String
  var steps: Int
  private let terminal = Terminal.errors
  private let isInteractive = Terminal.errors.isInteractive
  private var shown = ContinuousClock.now - .seconds(1)

  init(name: String, steps: Int) { (self.name, self.steps) = (name, steps) }

  mutating func show(_ watched: WatchedTraining) {
    guard isInteractive, ContinuousClock.now - shown > .milliseconds(100), let now = watched.moments.last else {
      return
    }
    shown = .now
    var text = "\(name)step \(now.step)/\(steps)  validation \(NumberText.short(now.validation.loss))"
    text += "  best \(NumberText.short(watched.best.validation.loss))"
    for (hyperparameter, value) in zip(watched.run.settings.hyperparameters, now.values) {
      text += "  \(hyperparameter.name) \(NumberText.short((value * 1_000).rounded() / 1_000))"
    }
    terminal.write("\r\u{1B}[K" + String(text.prefix(max(0, terminal.width - 1))))
  }

  func end() { if isInteractive { terminal.write("\r\u{1B}[K") } }
}
