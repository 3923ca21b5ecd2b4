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
  @Option(help: "The family of models.")
  var problem: ProblemKind?

  @Option(help: ArgumentHelp("A file of comma-separated numbers; - for standard input.", valueName: "file"))
  var csv: String?

  @Option(
    help: ArgumentHelp("The column to predict, by name or number from 1; the last where left out.", valueName: "column")
  )
  var target: String?

  @Option(help: ArgumentHelp("Columns that are no features, separated by commas.", valueName: "columns"))
  var ignore: String?

  @Flag(help: "The file's first row is data.")
  var noHeader = false

  @Option(help: ArgumentHelp("How many rows of the file to leave out first.", valueName: "n"))
  var skipRows = 0

  @Option(help: "Which weights share a penalty.")
  var penalty: PenaltyChoice = .shared

  @Option(
    help: ArgumentHelp(
      "Which rows train, validate and test: mod3, shares such as 0.6,0.2, or folds:K.", valueName: "split"))
  var split = "mod3"

  @Flag(
    inversion: .prefixedNo,
    help: "Give columns, and targets that are numbers, mean 0 and deviation 1 of the training rows.")
  var standardise = true

  @Option(help: ArgumentHelp("What columns are divided by with --no-standardise.", valueName: "number"))
  var divisor = 1.0

  @Flag(inversion: .prefixedNo, help: "Add a column of ones; classifiers have one where left out.")
  var bias: Bool?

  @Option(help: ArgumentHelp("The penalty of hyper-cleaning's weights.", valueName: "number"))
  var cleaningPenalty = 1e-3

  @Option(
    help: ArgumentHelp("The units in each hidden layer of a perceptron, separated by commas.", valueName: "units"))
  var hidden = "16"

  @Option(help: "The seed of everything that is drawn.")
  var seed: UInt64 = 1

  /// The problem, read from its file.
  func read() throws(CommandFailure) -> TabularProblem {
    guard let problem, let csv else { throw CommandFailure(.usage, "name a --problem and a file with --csv") }
    let data = try Self.data(self, kind: problem, file: csv)
    var settings = TabularProblem.Settings()
    settings.penalty = penalty
    settings.split = try splitting
    settings.standardises = standardise
    settings.divisor = divisor
    settings.bias = bias
    settings.cleaningPenalty = cleaningPenalty
    settings.seed = seed
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

  private var splitting: RowSplit {
    get throws(CommandFailure) {
      if split == "mod3" { return .mod3 }
      if split.hasPrefix("folds:"), let count = Int(split.dropFirst(6)) { return .folds(count) }
      let shares = split.split(separator: ",").compactMap { Double($0) }
      guard shares.count == 2 || shares.count == 3 else {
        throw CommandFailure(.usage, "--split takes mod3, shares such as 0.6,0.2 or folds:5, not \(split)")
      }
      if shares.count == 3, abs(shares.reduce(0, +) - 1) > 1e-9 {
        throw CommandFailure(.usage, "the three shares of --split add up to 1")
      }
      return .shares(training: shares[0], validation: shares[1])
    }
  }

  private static func data(
    _ options: BilevelProblemOptions, kind: ProblemKind, file: String
  ) throws(CommandFailure) -> TabularData {
    let text: Data
    do {
      let handle = try file == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: file))
      text = try handle.readToEnd() ?? Data()
    } catch {
      throw CommandFailure(.notFound, "\(file) cannot be read: \(error.localizedDescription)")
    }
    let source = file == "-" ? "standard input" : file
    let table = try CSVTable(
      String(decoding: text, as: UTF8.self), source: source, hasHeader: !options.noHeader,
      skipping: max(0, options.skipRows))
    let target = try options.target.map { (name) throws(CommandFailure) in try table.column(name, source: source) }
    let predicted = target ?? table.names.count - 1
    var left: Set<Int> = [predicted]
    for name in (options.ignore ?? "").split(separator: ",") {
      left.insert(try table.column(String(name), source: source))
    }
    let chosen = table.names.indices.filter { !left.contains($0) }
    guard !chosen.isEmpty else { throw CommandFailure(.usage, "\(source) has no columns but the target") }
    var columns: [[Double]] = []
    for column in chosen { columns.append(try table.numbers(column, source: source)) }
    let rows = table.rows.indices.map { i in columns.map { $0[i] } }
    let features = chosen.map { table.names[$0] }
    if kind.isRegression {
      return TabularData(features: features, rows: rows, targets: try table.numbers(predicted, source: source))
    }
    let labels = table.rows.map { $0[predicted].trimmingCharacters(in: .whitespaces) }
    let classes = classes(labels)
    guard classes.count <= 1_000 else {
      throw CommandFailure(
        .usage, "the column \(table.names[predicted]) has \(classes.count) different values; they are no classes")
    }
    let positions = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Double($0)) })
    return TabularData(
      features: features, rows: rows, targets: labels.map { positions[$0] ?? 0 }, classes: classes)
  }

  /// The different labels, numbers in their order and else by letters.
  private static func classes(_ labels: [String]) -> [String] {
    let different = Array(Set(labels))
    if different.allSatisfy({ Double($0) != nil }) {
      return different.sorted { (Double($0) ?? 0, $0) < (Double($1) ?? 0, $1) }
    }
    return different.sorted()
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
