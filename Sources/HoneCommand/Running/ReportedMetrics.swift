import TuningModel

/// What a program has reported of its metrics so far; of each metric the last value counts.
///
/// A report is a JSON object of numbers. NaN and the infinities are taken as strings ("NaN", "Infinity", "-Infinity")
/// and, because Python's `json` writes them so, as bare words.
package struct ReportedMetrics: Sendable {
  /// The values by metric.
  package private(set) var values: [String: Double] = [:]
  /// Why the first report that could not be read was left out.
  package private(set) var problem: String?

  /// What a report on standard output begins with.
  package static let prefix = "hone:"

  /// More names than any study has metrics; a program that prints names without end must not fill the memory.
  private static let mostNames = 1_000

  /// Creates a record without reports.
  package init() {}

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
    guard let json = try? JSONValue(text: Self.quotingNonFinite(report)), case .object = json else {
      return note("a report is not a JSON object", report)
    }
    do throws(InvalidInput) {
      let read = try JSONReader.read(json) { reader in
        reader.entries().map { $0.map { ($0.key, $0.reader.extendedNumber()) } }
      }
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
