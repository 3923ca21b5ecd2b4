public import TuningModel

/// The points at which a prediction is wanted.
public struct PredictRequest: WireForm, Hashable {
  /// The points, each with the values of all parameters that are active there.
  public var points: [Parameters]

  /// Creates a request.
  public init(points: [Parameters]) { self.points = points }

  /// Reads a request; notes mistakes of form.
  ///
  /// Whether the points are of the study's space, the engine says.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let points = object.required("points").flatMap { reader in
      reader.sound { reader.array()?.compactMap(Parameters.init(reading:)) }
    }
    object.finish()
    guard let points else { return nil }
    self.points = points
  }

  /// The request as JSON.
  public var json: JSONValue { ["points": .array(points.map(\.json))] }
}

extension Parameters {
  /// Reads values by their JSON types, where no space is known; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let entries = reader.entries() else { return nil }
    self = entries.reduce(into: [:]) { $0[$1.key] = ParameterValue(reading: $1.reader) }
  }
}
