package import Foundation

/// A file of golden values written by `scripts/reference_values.py`.
package struct GoldenValues<Case: Decodable & Sendable>: Decodable, Sendable {
  /// How closely the values have to be met, and why no closer.
  package struct Tolerance: Decodable, Sendable {
    package let relative: Double
    package let reason: String
  }

  package let tolerance: Tolerance
  package let cases: [Case]

  /// Reads `Fixtures/name.json` of a test bundle.
  package init(_ name: String, of type: Case.Type = Case.self, in bundle: Bundle) throws {
    guard let url = bundle.url(forResource: name, withExtension: "json", subdirectory: "Fixtures") else {
      throw CocoaError(.fileNoSuchFile)
    }
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }
}
