public import TuningModel

extension ImportanceReport: WireForm {
  /// Reads a report; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let metric = object.required("metric")?.string()
    let share = object.required("best")?.number()
    let trials = object.required("trials")?.integer(in: 0...Int.exactRange.upperBound)
    let explained = object.optional("explained")?.number()
    let parameters = object.required("parameters")?.array()?.compactMap(Effect.init(readingParameter:))
    let interactions = object.required("interactions")?.array()?.compactMap(Effect.init(readingInteraction:))
    object.finish()
    guard reader.mistakes.all.count == before, let metric, let share, let trials, let parameters, let interactions
    else { return nil }
    self.init(of: metric, share: share, trials: trials, explained: explained)
    self.parameters = parameters
    self.interactions = interactions
  }

  /// The report as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "metric": .string(metric), "best": .number(share), "trials": .integer(trials),
      "explained": explained.map(JSONValue.number),
      "parameters": .array(
        parameters.map { effect in
          [
            "name": .string(effect.parameters.first ?? ""), "importance": .number(effect.importance),
            "standard_error": .number(effect.standardError), "total": .number(effect.total),
          ]
        }),
      "interactions": .array(
        interactions.map { effect in
          [
            "parameters": .array(effect.parameters.map(JSONValue.string)), "importance": .number(effect.importance),
            "standard_error": .number(effect.standardError),
          ]
        }),
    ])
  }
}

extension ImportanceReport.Effect {
  fileprivate init?(readingParameter reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let name = object.required("name")?.string()
    let total = object.required("total")?.number()
    self.init(name.map { [$0] }, total, reading: object)
  }

  fileprivate init?(readingInteraction reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    self.init(object.required("parameters")?.array()?.compactMap { $0.string() }, 0, reading: object)
  }

  private init?(_ parameters: [String]?, _ total: Double?, reading object: JSONObjectReader) {
    let importance = object.required("importance")?.number()
    let standardError = object.required("standard_error")?.number()
    object.finish()
    guard let parameters, let total, let importance, let standardError else { return nil }
    self.init(parameters)
    self.importance = importance
    self.standardError = standardError
    self.total = total
  }
}
