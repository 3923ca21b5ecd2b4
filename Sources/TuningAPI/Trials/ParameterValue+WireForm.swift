public import TuningModel

extension ParameterValue: WireForm {
  /// Reads a value by its JSON type alone: whole numbers become `int`, arrays vectors.
  ///
  /// Which of 1 and 1.0 is meant, only the study's search space knows: `RemoteStudyClient` asks it, so that a
  /// program sees the values that it would see of the embedded engine.
  public init?(reading reader: JSONReader) {
    if case .array = reader.value {
      guard let numbers = reader.sound({ reader.array()?.compactMap { $0.number() } }) else { return nil }
      self = .vector(numbers)
    } else if let value = ParameterValue(choice: reader.value) {
      self = value
    } else {
      reader.refuse("Must be a string, a number, a boolean or an array of numbers, not \(reader.value.kind).", .form)
      return nil
    }
  }
}
