import Foundation

/// Holds a text to the grammar of Prometheus's exposition format, version 0.0.4, and to what it asks of families.
struct ExpositionChecker {
  /// What is wrong; empty where nothing is.
  private(set) var mistakes: [String] = []
  /// The samples by name with labels, such as `a_total{b="c"}`.
  private(set) var samples: [String: Double] = [:]
  /// The kinds of the families by name.
  private(set) var kinds: [String: String] = [:]

  private static var helpLine: Regex<(Substring, Substring, Substring)> {
    /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\\n]|\\\\|\\n)*)/
  }
  private static var typeLine: Regex<(Substring, Substring, Substring)> {
    /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)/
  }
  private static var sampleLine: Regex<(Substring, Substring, Substring?, Substring)> {
    /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*"(?:,|(?=\})))*)\})? (\S+)/
  }
  private static var number: Regex<Substring> { /[+-]?(?:Inf|NaN|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/ }

  init(_ text: String) {
    if !text.hasSuffix("\n") { mistakes.append("does not end in a line break") }
    var family = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if let match = line.wholeMatch(of: Self.helpLine) {
        family = String(match.1)
        if kinds[family] != nil { mistakes.append("\(family) is there twice") }
        if match.2.isEmpty { mistakes.append("\(family) has no help") }
      } else if let match = line.wholeMatch(of: Self.typeLine) {
        if family != match.1 { mistakes.append("\(line) is not after its help") }
        kinds[String(match.1)] = String(match.2)
      } else if let match = line.wholeMatch(of: Self.sampleLine) {
        note(String(match.1), String(match.2 ?? ""), String(match.3), in: family)
      } else {
        mistakes.append("is no line: \(line)")
      }
    }
    checkHistograms()
  }

  private mutating func note(_ name: String, _ labels: String, _ text: String, in family: String) {
    let kind = kinds[family] ?? ""
    let suffixes = kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
    if !suffixes.contains(where: { name == family + $0 }) { mistakes.append("\(name) is not of \(family)") }
    guard text.wholeMatch(of: Self.number) != nil, let value = Double(text.replacing("Inf", with: "inf")) else {
      mistakes.append("\(text) is no number")
      return
    }
    if kind == "counter" && !name.hasSuffix("_total") { mistakes.append("\(name) is a counter without _total") }
    if kind != "gauge" && !(value >= 0) { mistakes.append("\(name) is below 0") }
    if samples.updateValue(value, forKey: "\(name){\(labels)}") != nil {
      mistakes.append("\(name){\(labels)} is there twice")
    }
  }

  private mutating func checkHistograms() {
    for (family, kind) in kinds where kind == "histogram" {
      var series: [String: [(bound: Double, count: Double)]] = [:]
      for (key, value) in samples where key.hasPrefix(family + "_bucket{") {
        guard let match = key.firstMatch(of: /,?le="([^"]*)"/),
          let bound = Double(match.1.replacing("Inf", with: "inf"))
        else {
          mistakes.append("\(key) has no bound")
          continue
        }
        let labels = key.dropFirst(family.count + 7).replacing(match.0, with: "")
        series[String(labels), default: []].append((bound, value))
      }
      for (labels, classes) in series {
        let counts = classes.sorted { $0.bound < $1.bound }.map(\.count)
        if zip(counts, counts.dropFirst()).contains(where: { $0 > $1 }) { mistakes.append("\(family) goes down") }
        if classes.map(\.bound).max() != .infinity { mistakes.append("\(family) has no last class") }
        if samples[family + "_count" + labels] != counts.last {
          mistakes.append("\(family)\(labels) has another count")
        }
        if samples[family + "_sum" + labels] == nil { mistakes.append("\(family)\(labels) has no sum") }
      }
    }
  }
}
