import ArgumentParser

/// An argument `metric=value`.
package struct MetricArgument: Hashable, Sendable {
  /// The metric's name.
  package var name: String
  /// Its value, which need not be finite.
  package var value: Double

  /// Reads an argument.
  ///
  /// - Throws: `ValidationError` where it is none.
  package init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let value = Double(parts[1]) else {
      throw ValidationError("\"\(text)\" is not of the form metric=value, such as loss=0.31.")
    }
    name = String(parts[0])
    self.value = value
  }
}
