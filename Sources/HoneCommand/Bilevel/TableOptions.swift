import ArgumentParser
import Bilevel
import Foundation

/// A file with a table, and how its rows and columns are used.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A file of comma-separated numbers; - for standard input.", valueName: "file"),
    completion: .file())
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

  @Option(help: "The seed of everything that is drawn.")
  var seed: UInt64 = 1

  /// Which rows do what.
  var splitting: RowSplit {
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

  /// The table, read from its file.
  ///
  /// - Parameter isRegression: whether targets are numbers; else they are classes.
  func data(isRegression: Bool) throws(CommandFailure) -> TabularData {
    guard let file = csv else { throw CommandFailure(.usage, "name a file with --csv") }
    let text: Data
    do {
      let handle = try file == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: file))
      text = try handle.readToEnd() ?? Data()
    } catch {
      throw CommandFailure(.notFound, "\(file) cannot be read: \(error.localizedDescription)")
    }
    let source = file == "-" ? "standard input" : file
    let table = try CSVTable(
      String(decoding: text, as: UTF8.self), source: source, hasHeader: !noHeader,
      skipping: max(0, skipRows))
    let target = try self.target.map { (name) throws(CommandFailure) in try table.column(name, source: source) }
    let predicted = target ?? table.names.count - 1
    var left: Set<Int> = [predicted]
    for name in (ignore ?? "").split(separator: ",") {
      left.insert(try table.column(String(name), source: source))
    }
    let chosen = table.names.indices.filter { !left.contains($0) }
    guard !chosen.isEmpty else { throw CommandFailure(.usage, "\(source) has no columns but the target") }
    var columns: [[Double]] = []
    for column in chosen { columns.append(try table.numbers(column, source: source)) }
    let rows = table.rows.indices.map { i in columns.map { $0[i] } }
    let features = chosen.map { table.names[$0] }
    if isRegression {
      return TabularData(features: features, rows: rows, targets: try table.numbers(predicted, source: source))
    }
    let labels = table.rows.map { $0[predicted].trimmingCharacters(in: .whitespaces) }
    let classes = Self.classes(labels)
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
