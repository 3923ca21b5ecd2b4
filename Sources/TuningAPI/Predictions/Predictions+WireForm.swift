public import TuningModel

extension Predictions: WireForm {
  /// Reads predictions; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let predictions = object.required("predictions").flatMap { reader in
      reader.sound { reader.array()?.compactMap(Prediction.init(reading:)) }
    }
    let history = object.required("history")?.integer(in: 0...Int.exactRange.upperBound)
    let observations = object.required("observations")?.integer(in: 0...Int.exactRange.upperBound)
    object.finish()
    guard let predictions, let history, let observations else { return nil }
    self.init(predictions, history: history, observations: observations)
  }

  /// The predictions as JSON.
  public var json: JSONValue {
    [
      "predictions": .array(predictions.map(\.json)), "history": .integer(history),
      "observations": .integer(observations),
    ]
  }
}

extension Prediction {
  fileprivate init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let mean = object.required("mean")?.number()
    let deviation = object.required("standard_deviation")?.number()
    object.finish()
    guard let mean, let deviation else { return nil }
    self.init(mean: mean, standardDeviation: deviation)
  }

  fileprivate var json: JSONValue { ["mean": .number(mean), "standard_deviation": .number(standardDeviation)] }
}
