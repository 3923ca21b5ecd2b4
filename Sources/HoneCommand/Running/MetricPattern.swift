import ArgumentParser

/// A metric that a program prints in its own form: `NAME=REGEX`.
package struct MetricPattern: Hashable, Sendable {
  /// The metric.
  package var metric: String
  /// The regular expression; its first group is the number, or all of it where it has none.
  package var expression: String

  /// Reads an argument.
  ///
  /// - Throws: `ValidationError` where it is none, or the expression is not one.
  package init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw ValidationError("\"\(text)\" is not of the form metric=expression, such as 'loss=val_loss: ([0-9.e+-]+)'.")
    }
    metric = String(parts[0])
    expression = String(parts[1])
    do {
      _ = try Regex<AnyRegexOutput>(expression)
    } catch {
      throw ValidationError("\"\(expression)\" is no regular expression: \(error)")
    }
  }

  /// What reads lines.
  package var reader: Reader? { (try? Regex<AnyRegexOutput>(expression)).map { Reader(metric: metric, regex: $0) } }

  /// An expression made ready.
  package struct Reader {
    /// The metric.
    package let metric: String
    let regex: Regex<AnyRegexOutput>

    /// The number on a line; `nil` where there is none.
    package func value(in line: String) -> Double? {
      guard let match = try? regex.firstMatch(in: line) else { return nil }
      let group = match.output.count > 1 ? match.output[1] : match.output[0]
      guard let text = group.substring else { return nil }
      return Double(text)
    }
  }
}
