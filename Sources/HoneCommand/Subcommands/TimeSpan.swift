import ArgumentParser

/// A time span as people write it: `90s`, `15m`, `12h`, `30d`.
package enum TimeSpan {
  private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

  /// The span in seconds, at most 100 years.
  ///
  /// - Throws: `ValidationError` where the text is none.
  package static func seconds(_ text: String) throws -> Double {
    guard let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()), count > 0,
      count * unit <= 36_500 * 86_400
    else {
      throw ValidationError("\"\(text)\" is no time span, such as 90s, 15m, 12h or 30d.")
    }
    return count * unit
  }
}
