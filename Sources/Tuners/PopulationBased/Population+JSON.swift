import TuningModel

extension Population {
  private static var version: Int { 2 }

  /// The population as JSON.
  var json: JSONValue {
    .object(omittingNil: [
      "version": .integer(Self.version), "best": best?.json, "members": .array(members.map(\.json)),
      "gains": gains.isEmpty ? nil : .array(gains.map(\.json)),
    ])
  }

  /// Reads what `json` wrote.
  ///
  /// - Throws: `InvalidInput` where it is of another version, size or space.
  init(_ json: JSONValue, size: Int, space: SearchSpace, _ memory: Memory) throws(InvalidInput) {
    self = try JSONReader.read(json) { reader -> Population? in
      guard let object = reader.object() else { return nil }
      let version = object.required("version")?.integer()
      let members = object.required("members")?.array()?.compactMap { PopulationMember(reading: $0, space) }
      let best = object.optional("best").flatMap { PopulationMember.Head(reading: $0, space) }
      let gains = object.optional("gains")?.array()?.compactMap { Gain(reading: $0, space) } ?? []
      object.finish()
      if version != Self.version || members?.count != size {
        reader.refuse("Is of another version or population.", .form)
      }
      guard let members, reader.mistakes.all.isEmpty else { return nil }
      return Population(members, best: best, gains: gains, memory)
    }
  }
}

extension Population.Gain {
  fileprivate var json: JSONValue {
    [
      "trial": .integer(trial), "from_trial": .integer(fromTrial), "step_from": .integer(stepFrom),
      "step_to": .integer(stepTo), "before": .number(before), "after": .number(after), "parameters": parameters.json,
    ]
  }

  fileprivate init?(reading reader: JSONReader, _ space: SearchSpace) {
    guard let object = reader.object() else { return nil }
    let trial = object.required("trial")?.integer(in: 1...Int.exactRange.upperBound)
    let fromTrial = object.required("from_trial")?.integer(in: 1...Int.exactRange.upperBound)
    let stepFrom = object.required("step_from")?.integer(in: 0...Int.exactRange.upperBound)
    let stepTo = object.required("step_to")?.integer(in: 1...Int.exactRange.upperBound)
    let before = object.required("before")?.extendedNumber()
    let after = object.required("after")?.extendedNumber()
    let parameters = object.required("parameters").flatMap { space.parameters(kept: $0) }
    object.finish()
    guard let trial, let fromTrial, let stepFrom, let stepTo, let before, let after, let parameters else { return nil }
    self.init(
      trial: trial, fromTrial: fromTrial, stepFrom: stepFrom, stepTo: stepTo, before: before, after: after,
      parameters: parameters)
  }
}

extension PopulationMember {
  fileprivate var json: JSONValue {
    .object(omittingNil: [
      "begun": .integer(begun), "parameters": parameters.json, "head": head?.json, "failed": .bool(hasFailed),
      "cost": cost.map(JSONValue.number), "scored_by": scoredBy.map(JSONValue.integer),
      "exploited_at": .integer(exploitedAt), "kept": .array(kept.map(\.json)), "course": .array(course.map(\.json)),
      "trial": last.map { .integer($0.trial) }, "step_to": last.map { .integer($0.stepTo) },
      "reported": reported.map(JSONValue.string), "open": last.map { .bool($0.isOpen) },
    ])
  }

  fileprivate init?(reading reader: JSONReader, _ space: SearchSpace) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let begun = object.required("begun")?.integer(in: 0...Int.exactRange.upperBound)
    let parameters = object.required("parameters").flatMap { space.parameters(kept: $0) }
    let head = object.optional("head").flatMap { Head(reading: $0, space) }
    let cost = object.optional("cost")?.extendedNumber()
    let scoredBy = object.optional("scored_by")?.integer(in: 1...Int.exactRange.upperBound)
    let failed = object.required("failed")?.bool()
    let exploitedAt = object.required("exploited_at")?.integer(in: 0...Int.exactRange.upperBound)
    let kept = object.required("kept")?.array()?.compactMap { Head(reading: $0, space) }
    let course = object.required("course")?.array()?.compactMap { Head(reading: $0, space) }
    let trial = object.optional("trial")?.integer(in: 1...Int.exactRange.upperBound)
    let stepTo = object.optional("step_to")?.integer(in: 1...Int.exactRange.upperBound)
    let reported = object.optional("reported")?.string()
    let isOpen = object.optional("open")?.bool()
    object.finish()
    guard reader.mistakes.all.count == before, let begun, let parameters, let failed, let exploitedAt, let kept,
      let course
    else { return nil }
    self.init(
      begun: begun, parameters: parameters, head: head, cost: cost, scoredBy: scoredBy, hasFailed: failed,
      exploitedAt: exploitedAt, kept: kept,
      course: course, reported: reported)
    if let trial, let stepTo, let isOpen { last = Part(trial: trial, stepTo: stepTo, isOpen: isOpen) }
  }
}

extension PopulationMember.Head {
  fileprivate var json: JSONValue {
    [
      "trial": .integer(trial), "checkpoint": .string(checkpoint), "step": .integer(step), "cost": .number(cost),
      "parameters": parameters.json,
    ]
  }

  fileprivate init?(reading reader: JSONReader, _ space: SearchSpace) {
    guard let object = reader.object() else { return nil }
    let trial = object.required("trial")?.integer(in: 1...Int.exactRange.upperBound)
    let checkpoint = object.required("checkpoint")?.string()
    let step = object.required("step")?.integer(in: 0...Int.exactRange.upperBound)
    let cost = object.required("cost")?.extendedNumber()
    let parameters = object.required("parameters").flatMap { space.parameters(kept: $0) }
    object.finish()
    guard let trial, let checkpoint, let step, let cost, let parameters else { return nil }
    self.init(trial: trial, checkpoint: checkpoint, step: step, cost: cost, parameters: parameters)
  }
}

extension SearchSpace {
  /// Parameters that a snapshot has; none for a member that has not begun.
  fileprivate func parameters(kept reader: JSONReader) -> Parameters? {
    if reader.value == .object([:]) { return [:] }
    do throws(InvalidInput) {
      return try values(reader.value)
    } catch {
      reader.refuse("Is not of the space.")
      return nil
    }
  }
}
