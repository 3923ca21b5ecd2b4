public import TuningModel

/// What hyperparameters were at every step of a training: as much its result as the weights.
public struct Schedule: Hashable, Sendable, Codable {
  /// One step.
  public struct Entry: Hashable, Sendable, Codable {
    /// The number of steps of the weights taken so far.
    public var step: Int
    /// Whether the step was one of the hyperparameters; else one of the weights.
    public var isValidation: Bool
    /// The hyperparameters after it, in their own units.
    public var values: [Double]
    /// The standard deviations of their perturbations, in units of λ.
    public var deviations: [Double]
    /// The loss of its batch: of training with all that regularises it, or of validation without the entropy.
    public var loss: Double
  }

  /// The names of the hyperparameters.
  public var names: [String]
  /// All steps.
  public var entries: [Entry] = []

  /// The hyperparameters at a step of the weights: those after the last step before it.
  public func values(atStep step: Int) -> [Double]? {
    // Steps never fall.
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].step <= step { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? entries.first?.values : entries[low - 1].values
  }

  /// One line for each step, with a header.
  public var csv: String {
    var text = (["step", "kind", "loss"] + names.map(Self.field) + names.map { Self.field($0 + " deviation") })
      .joined(separator: ",")
    text += "\n"
    for entry in entries {
      let numbers = ([entry.loss] + entry.values + entry.deviations).map { "\($0)" }
      text +=
        (["\(entry.step)", entry.isValidation ? "validation" : "training"] + numbers).joined(separator: ",") + "\n"
    }
    return text
  }

  /// One array for each column.
  public var json: JSONValue {
    var columns: [String: JSONValue] = [
      "step": .array(entries.map { .integer($0.step) }),
      "kind": .array(entries.map { $0.isValidation ? "validation" : "training" }),
      "loss": .array(entries.map { .number($0.loss) }),
    ]
    columns["hyperparameters"] = .array(
      names.indices.map { k in
        [
          "name": .string(names[k]), "values": .array(entries.map { .number($0.values[k]) }),
          "deviations": .array(entries.map { .number($0.deviations[k]) }),
        ]
      })
    return .object(columns)
  }

  private static func field(_ name: String) -> String {
    name.contains { "\",\n".contains($0) } ? "\"" + name.replacing("\"", with: "\"\"") + "\"" : name
  }
}
