package import TuningModel

/// What a program has reported of its metrics so far; of each metric the last value counts.
///
/// A report is a JSON object of numbers. One with a `step` is an intermediate measurement, whose values are not final
/// ones. The object `oracle` in it answers the trial's request, and `standard_errors` has those of some metrics. NaN and the infinities are taken as strings ("NaN", "Infinity", "-Infinity")
/// and, because Python's `json` writes them so, as bare words.
package struct ReportedMetrics: Sendable {
  /// The values by metric.
  package private(set) var values: [String: Double] = [:]
  /// The last answer to the trial's request, from the field `oracle` of a report.
  package private(set) var oracle: OracleAnswer?
  /// The standard errors of some values, from the field `standard_errors` of a report.
  package private(set) var standardErrors: [String: Double] = [:]
  /// Why the first report that could not be read was left out.
  package private(set) var problem: String?

  /// Whether there were intermediate measurements.
  package private(set) var hasSteps = false

  private let readsSteps: Bool
  private var measurements: [Measurement] = []

  /// What a report on standard output begins with.
  package static let prefix = "hone:"

  /// More names than any study has metrics; a program that prints names without end must not fill the memory.
  private static let mostNames = 1_000

  /// Creates a record without reports.
  ///
  /// - Parameter readsSteps: whether `step` makes a report an intermediate one; in a study with a metric of that name it
  ///   does not.
  package init(readsSteps: Bool = true) { self.readsSteps = readsSteps }

  /// The intermediate measurements since the last call.
  package mutating func takeMeasurements() -> [Measurement] {
    defer { measurements = [] }
    return measurements
  }

  /// Takes a value that stands on a line of the program's own form.
  package mutating func note(_ value: Double, of metric: String) { values[metric] = value }

  /// Reads a line of standard output; answers whether it is a report: `hone:` and a JSON object.
  package mutating func read(output line: LineSplitter.Line) -> Bool {
    guard line.bytes.starts(with: Self.prefix.utf8) else { return false }
    let rest = line.bytes.dropFirst(Self.prefix.utf8.count).drop { $0 == UInt8(ascii: " ") }
    guard rest.first == UInt8(ascii: "{") else { return false }
    read(report: rest, isCut: line.isCut)
    return true
  }

  /// Reads a line of the result file; empty lines mean nothing.
  package mutating func read(result line: LineSplitter.Line) {
    let rest = line.bytes.drop { $0 == UInt8(ascii: " ") }
    if !rest.isEmpty { read(report: rest, isCut: line.isCut) }
  }

  private mutating func read(report: ArraySlice<UInt8>, isCut: Bool) {
    if isCut { return note("a report is too long", report) }
    guard var json = try? JSONValue(text: Self.quotingNonFinite(report)), case .object(var fields) = json else {
      return note("a report is not a JSON object", report)
    }
    if case .object? = fields["oracle"], let told = fields.removeValue(forKey: "oracle") {
      do throws(InvalidInput) {
        oracle = try JSONReader.read(told, OracleAnswer.init(reading:))
      } catch {
        return note("an oracle's answer cannot be read (\(error))", report)
      }
      json = .object(fields)
    }
    if case .object(var fields) = json, case .object? = fields["standard_errors"],
      let told = fields.removeValue(forKey: "standard_errors")
    {
      json = .object(fields)
      takeStandardErrors(told, report)
    }
    do throws(InvalidInput) {
      let read = try JSONReader.read(json) { reader in
        reader.entries().map { $0.map { ($0.key, $0.reader.extendedNumber()) } }
      }
      let step = readsSteps ? read.first { $0.0 == "step" }?.1 : nil
      if let step { return take(read, at: step, report) }
      for case (let name, let value?) in read {
        // No study can ask for such a metric, and the engine would refuse the whole result for it.
        guard Name.isValid(name) else {
          note("a metric's name is not allowed", report)
          continue
        }
        if values[name] == nil && values.count == Self.mostNames { return note("there are too many metrics", report) }
        values[name] = value
      }
    } catch {
      note("a report has values that are no numbers", report)
    }
  }

  /// Takes up standard errors, which are finite and not negative.
  private mutating func takeStandardErrors(_ told: JSONValue, _ report: ArraySlice<UInt8>) {
    guard case .object(let fields) = told else { return }
    for (name, value) in fields {
      guard Name.isValid(name), case .number(let deviation) = value, deviation.isFinite, deviation >= 0 else {
        note("a standard error is not a number from 0", report)
        continue
      }
      if standardErrors[name] == nil && standardErrors.count == Self.mostNames { return }
      standardErrors[name] = deviation
    }
  }

  /// Takes up an intermediate measurement.
  private mutating func take(_ read: [(String, Double?)], at step: Double, _ report: ArraySlice<UInt8>) {
    guard let whole = Int(exactly: step), (0...Int.exactRange.upperBound).contains(whole) else {
      return note("a report's step is no whole number from 0", report)
    }
    var metrics: [String: Double] = [:]
    for case (let name, let value?) in read where name != "step" {
      if Name.isValid(name) { metrics[name] = value } else { note("a metric's name is not allowed", report) }
    }
    if metrics.isEmpty { return note("a report has a step and no metrics", report) }
    hasSteps = true
    measurements.append(Measurement(metrics, step: whole))
  }

  private mutating func note(_ what: String, _ report: ArraySlice<UInt8>) {
    let text = String(decoding: report.prefix(400), as: UTF8.self).onOneLine(atMost: 100)
    problem = problem ?? "\(what): \(text)"
  }

  /// Puts quotation marks around the bare words NaN, Infinity and -Infinity outside strings.
  private static func quotingNonFinite(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let words = ["NaN", "Infinity", "-Infinity"].map { Array($0.utf8) }
    var result: [UInt8] = []
    var rest = text
    var inString = false
    while let byte = rest.first {
      if !inString, let word = words.first(where: rest.starts(with:)) {
        result += [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")]
        rest = rest.dropFirst(word.count)
        continue
      }
      let isEscape = inString && byte == UInt8(ascii: "\\")
      if byte == UInt8(ascii: "\"") { inString.toggle() }
      result += rest.prefix(isEscape ? 2 : 1)
      rest = rest.dropFirst(isEscape ? 2 : 1)
    }
    return result
  }
}
