import ArgumentParser
package import TuningModel

/// An argument `minimize:metric` or `maximize:metric`.
package struct GoalArgument: Hashable, Sendable {
  /// The objective.
  package var objective: Objective

  /// Reads an argument.
  ///
  /// - Throws: `ValidationError` where it is none.
  package init(_ text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let goal = Goal(rawValue: String(parts[0])), Name.isValid(String(parts[1])) else {
      throw ValidationError("\"\(text)\" is not of the form minimize:loss or maximize:accuracy.")
    }
    objective = Objective(String(parts[1]), goal)
  }
}
