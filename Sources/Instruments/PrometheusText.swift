/// The text in which Prometheus reads metrics.
///
/// - Source: the text-based exposition format, version 0.0.4, of Prometheus.
public enum PrometheusText {
  /// The media type.
  public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  /// All that is measured now.
  public static func render(_ families: [MetricFamily]) async -> String {
    var text = ""
    for family in families {
      let series = await family.read()
      if series.isEmpty { continue }
      text += "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
      text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
      for series in series { append(series, of: family.name, to: &text) }
    }
    return text
  }

  private static func append(_ series: MetricFamily.Series, of name: String, to text: inout String) {
    switch series.value {
    case .number(let value):
      text += "\(name)\(braces(series.labels)) \(number(value))\n"
    case .histogram(let bounds, let counts, let sum):
      var total = 0.0
      for (bound, count) in zip(bounds.map(number) + ["+Inf"], counts) {
        total += count
        text += "\(name)_bucket\(braces(series.labels + [("le", bound)])) \(number(total))\n"
      }
      text += "\(name)_sum\(braces(series.labels)) \(number(sum))\n"
      text += "\(name)_count\(braces(series.labels)) \(number(total))\n"
    }
  }

  private static func braces(_ labels: [(name: String, value: String)]) -> String {
    if labels.isEmpty { return "" }
    return "{" + labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
