import ArgumentParser
package import TuningModel

/// An argument `parameter=value`.
package struct ParameterArgument: Hashable, Sendable {
  /// The parameter's name.
  package var name: String
  /// Its value: what is JSON as that, anything else as text.
  package var value: JSONValue

  /// Reads an argument.
  ///
  /// - Throws: `ValidationError` where it is none.
  package init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ValidationError("\"\(text)\" is not of the form parameter=value, such as lr=0.01.")
    }
    name = String(parts[0])
    value = (try? JSONValue(text: String(parts[1]))) ?? .string(String(parts[1]))
  }

  /// Several arguments as one object.
  ///
  /// - Throws: `ValidationError` where a parameter is given twice.
  static func object(_ arguments: [ParameterArgument]) throws -> JSONValue {
    .object(
      try Dictionary(arguments.map { ($0.name, $0.value) }) { _, _ in
        throw ValidationError("A parameter is given twice.")
      })
  }
}
