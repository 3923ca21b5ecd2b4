import Foundation
import Testing

/// A file of golden values written by `scripts/reference_values.py`.
struct Fixture<Case: Decodable & Sendable>: Decodable, Sendable {
  struct Tolerance: Decodable, Sendable {
    let relative: Double
    let reason: String
  }

  let tolerance: Tolerance
  let cases: [Case]

  init(_ name: String, of type: Case.Type = Case.self) throws {
    let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }
}
