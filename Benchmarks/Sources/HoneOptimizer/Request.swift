import Hone

/// One line from the other side.
enum Request {
  case new(StudyDefinition, seed: StudySeed)
  case reset(seed: StudySeed?)
  case ask(Int)
  case tell([OptimizerSession.Told])

  /// Reads a request; points are read by the space of the study that is open.
  init(line: String, space: SearchSpace?) throws {
    let json = try JSONValue(text: line)
    self = try JSONReader.read(json) { Request(reading: $0, space: space) }
  }

  private init?(reading reader: JSONReader, space: SearchSpace?) {
    guard let object = reader.object() else { return nil }
    defer { object.finish() }
    let seed = object.optional("seed")?.integer(in: 0...Int.exactRange.upperBound).map(UInt64.init)
    if let definition = object.optional("new") {
      guard let definition = StudyDefinition(reading: definition) else { return nil }
      self = .new(definition, seed: seed ?? definition.tuner.seed ?? 0)
    } else if object.optional("reset") != nil {
      self = .reset(seed: seed)
    } else if let count = object.optional("ask") {
      guard let count = count.integer(in: 1...10_000) else { return nil }
      self = .ask(count)
    } else if let results = object.optional("tell") {
      guard let space else {
        results.refuse("There is no study yet; send \"new\" first.")
        return nil
      }
      let readers = results.value.kind == "an array" ? results.array() ?? [] : [results]
      self = .tell(readers.compactMap { OptimizerSession.Told(reading: $0, space: space) })
    } else {
      reader.refuse("Must have one of \"new\", \"reset\", \"ask\" and \"tell\".", .form)
      return nil
    }
  }
}

extension OptimizerSession.Told {
  fileprivate init?(reading reader: JSONReader, space: SearchSpace) {
    guard let object = reader.object() else { return nil }
    number = object.optional("number")?.integer(in: 1...Int.exactRange.upperBound)
    parameters = object.optional("parameters").flatMap(space.values(reading:))
    if (number == nil) == (parameters == nil) {
      reader.refuse("Needs one of \"number\" and \"parameters\".", .form)
      return nil
    }
    if let reason = object.optional("failed")?.string() {
      outcome = .failed(reason: reason)
    } else if let reason = object.optional("infeasible")?.string() {
      outcome = .infeasible(reason: reason, nil)
    } else {
      var metrics: [String: Double] = [:]
      for (name, reader) in object.required("metrics")?.entries() ?? [] { metrics[name] = reader.extendedNumber() }
      outcome = .completed(Measurement(metrics))
    }
    object.finish()
  }
}
