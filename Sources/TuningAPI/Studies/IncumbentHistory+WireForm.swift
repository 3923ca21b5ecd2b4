public import TuningModel

extension IncumbentHistory: WireForm {
  /// Reads a history; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let metric = object.required("metric")?.string()
    let goal = object.required("goal")?.choice(of: Goal.self)
    let completed = object.required("completed")?.integer(in: 0...Int.exactRange.upperBound)
    let improvements = object.required("improvements").flatMap { reader in
      reader.sound { reader.array()?.compactMap(Improvement.init(reading:)) }
    }
    object.finish()
    guard let metric, let goal, let completed, let improvements else { return nil }
    self.init(of: Objective(metric, goal), improvements, completed: completed)
  }

  /// The history as JSON.
  public var json: JSONValue {
    [
      "metric": .string(objective.metric), "goal": .string(objective.goal.rawValue),
      "completed": .integer(completed), "improvements": .array(improvements.map(\.json)),
    ]
  }
}

extension IncumbentHistory.Improvement {
  fileprivate init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let number = object.required("number")?.integer(in: 1...Int.exactRange.upperBound)
    let value = object.required("value")?.number()
    let completed = object.required("completed")?.integer(in: 1...Int.exactRange.upperBound)
    let finishedAt = object.required("finished_at")?.timestamp()
    object.finish()
    guard let number, let value, let completed, let finishedAt else { return nil }
    self.init(trial: number, value: value, completed: completed, finishedAt: finishedAt)
  }

  fileprivate var json: JSONValue {
    [
      "number": .integer(trial), "value": .number(value), "completed": .integer(completed),
      "finished_at": .string(finishedAt.text),
    ]
  }
}
