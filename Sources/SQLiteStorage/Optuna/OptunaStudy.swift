/// A study as Optuna's relational storage keeps it.
///
/// Attributes are JSON text, as Python wrote it.
package struct OptunaStudy: Hashable, Sendable {
  /// The name.
  package var name: String
  /// Which way each objective is optimised, by its index.
  package var directions: [Direction]
  /// What the user noted.
  package var userAttributes: [String: String]
  /// What Optuna noted.
  package var systemAttributes: [String: String]
  /// The trials by number.
  package var trials: [OptunaTrial]

  /// Which way an objective is optimised; the raw value is what is stored.
  package enum Direction: String, Hashable, Sendable {
    case minimize = "MINIMIZE"
    case maximize = "MAXIMIZE"
  }

  /// Creates a study.
  package init(
    _ name: String, directions: [Direction], userAttributes: [String: String] = [:],
    systemAttributes: [String: String] = [:], trials: [OptunaTrial] = []
  ) {
    self.name = name
    self.directions = directions
    self.userAttributes = userAttributes
    self.systemAttributes = systemAttributes
    self.trials = trials
  }
}

/// A trial as Optuna's relational storage keeps it.
package struct OptunaTrial: Hashable, Sendable {
  /// The number in its study, from 0.
  package var number: Int
  /// Where it stands.
  package var state: State
  /// The parameters in the order in which they were suggested.
  package var parameters: [OptunaParameter] = []
  /// The final values by the index of the objective.
  package var values: [Int: Double] = [:]
  /// The intermediate values by step; they may be infinite or NaN.
  package var intermediateValues: [Int: Double] = [:]
  /// What the user noted, as JSON text.
  package var userAttributes: [String: String] = [:]
  /// What Optuna noted, as JSON text.
  package var systemAttributes: [String: String] = [:]
  /// When it began and ended, in local time without a zone, as Optuna writes it.
  package var startedAt, completedAt: String?

  /// Where a trial stands; the raw value is what is stored.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case running = "RUNNING"
    case complete = "COMPLETE"
    case pruned = "PRUNED"
    case failed = "FAIL"
    case waiting = "WAITING"
  }

  /// Creates a trial without values.
  package init(_ number: Int, _ state: State) {
    self.number = number
    self.state = state
  }
}

/// A parameter of one trial.
package struct OptunaParameter: Hashable, Sendable {
  /// The name.
  package var name: String
  /// The value; of a categorical parameter the index of the choice.
  package var value: Double
  /// The distribution as JSON text, such as `{"name": "IntDistribution", "attributes": {…}}`.
  package var distribution: String

  /// Creates a parameter.
  package init(_ name: String, _ value: Double, distribution: String) {
    self.name = name
    self.value = value
    self.distribution = distribution
  }
}
