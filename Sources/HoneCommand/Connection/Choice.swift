import ArgumentParser

/// Reads an argument that names one of the values of an enumeration.
///
/// - Throws: `ValidationError` that lists them.
func choice<Choice: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Choice {
  if let choice = Choice(rawValue: text) { return choice }
  throw ValidationError("\"\(text)\" is not one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
}
