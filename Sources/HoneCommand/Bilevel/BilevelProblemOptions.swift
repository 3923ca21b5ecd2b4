public import ArgumentParser
public import Bilevel
import Foundation
import TuningModel

extension ProblemKind: ExpressibleByArgument {}
extension PenaltyChoice: ExpressibleByArgument {}
extension InnerMethod: ExpressibleByArgument {}
extension BilevelRunSettings.Certify: ExpressibleByArgument {}
extension BilevelRunSettings.WarmStart: ExpressibleByArgument {}

/// How a problem is made of a file.
struct BilevelProblemOptions: ParsableArguments {
  @OptionGroup var table: TableOptions

  @Option(help: "The family of models.")
  var problem: ProblemKind?

  @Option(help: "Which weights share a penalty.")
  var penalty: PenaltyChoice = .shared

  @Flag(inversion: .prefixedNo, help: "Add a column of ones; classifiers have one where left out.")
  var bias: Bool?

  @Option(help: ArgumentHelp("The penalty of hyper-cleaning's weights.", valueName: "number"))
  var cleaningPenalty = 1e-3

  @Option(
    help: ArgumentHelp("The units in each hidden layer of a perceptron, separated by commas.", valueName: "units"))
  var hidden = "16"

  /// The problem, read from its file.
  func read() throws(CommandFailure) -> TabularProblem {
    guard let problem, table.csv != nil else {
      throw CommandFailure(.usage, "name a --problem and a file with --csv")
    }
    let data = try table.data(isRegression: problem.isRegression)
    var settings = TabularProblem.Settings()
    settings.penalty = penalty
    settings.split = try table.splitting
    settings.standardises = table.standardise
    settings.divisor = table.divisor
    settings.bias = bias
    settings.cleaningPenalty = cleaningPenalty
    settings.seed = table.seed
    let units = hidden.split(separator: ",").map { Int($0) }
    guard units.allSatisfy({ (1...100_000).contains($0 ?? 0) }) else {
      throw CommandFailure(.usage, "--hidden takes numbers of units, such as 64,32")
    }
    settings.hidden = units.compactMap { $0 }
    do throws(BilevelError) {
      return try TabularProblem(problem, of: data, settings: settings)
    } catch {
      throw CommandFailure(.usage, error.sentence)
    }
  }
}

/// How a run goes about it.
struct BilevelRunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The tuner; hypergradient where models are solved directly and maid elsewhere, where left out.", valueName: "name"
    ))
  var tuner: String?

  @Option(
    name: [.customLong("option"), .customShort("o")],
    help: ArgumentHelp("An option of the tuner, such as eps=0.05; may be repeated.", valueName: "name=value"))
  var tunerOptions: [String] = []

  @Option(help: "Whether gradients are tested against a proven bound of their error (maid).")
  var certify: BilevelRunSettings.Certify = .auto

  @Option(help: "Where training starts: from a model before, or anew each time.")
  var warmStart: BilevelRunSettings.WarmStart = .previous

  @Option(help: "The inner solver.")
  var solver: InnerMethod = .auto

  @Option(help: ArgumentHelp("Where every coordinate of theta starts.", valueName: "number"))
  var start: Double?

  @Option(help: ArgumentHelp("The box of every coordinate of theta.", valueName: "low:high"))
  var range: String?

  /// The settings of a run on a problem.
  func settings(for problem: TabularProblem, seed: UInt64) throws(CommandFailure) -> BilevelRunSettings {
    var settings = BilevelRunSettings()
    settings.tuner = tuner
    settings.certify = certify
    settings.warmStart = warmStart
    settings.method = solver
    settings.seed = seed % (1 << 53)
    if let start {
      guard start.isFinite else { throw CommandFailure(.usage, "--start takes a finite number") }
      settings.start = problem.folds[0].lower.hyperparameters.map { _ in start }
    }
    if let range {
      let ends = range.split(separator: ":").compactMap { Double($0) }
      guard ends.count == 2, ends[0] < ends[1], ends.allSatisfy(\.isFinite) else {
        throw CommandFailure(.usage, "--range takes two numbers, such as -12:6")
      }
      settings.range = ends[0]...ends[1]
    }
    for option in tunerOptions {
      let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw CommandFailure(.usage, "--option takes name=value, not \(option)") }
      settings.options[parts[0]] = (try? JSONValue(text: parts[1])) ?? .string(parts[1])
    }
    return settings
  }
}

extension CommandFailure {
  /// A run that could not be made or finished.
  init(_ error: BilevelRunError) {
    switch error {
    case .refused(let mistakes):
      self.init(.usage, mistakes.map { "\($0.pointer): \($0.detail)" }.joined(separator: "\n"))
    case .problem(let error): self.init(.usage, error.sentence)
    case .tuner(let text): self.init(.failed, text)
    }
  }
}
