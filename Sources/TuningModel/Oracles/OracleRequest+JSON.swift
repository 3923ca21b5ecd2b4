extension OracleRequest {
  /// Reads a request such as `{"kind": "value", "eps": 0.1, "needs": ["g"]}`; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let kindReader = object.required("kind")
    let kind = kindReader?.string().flatMap(Kind.init(rawValue:))
    if kindReader != nil, kind == nil { kindReader?.refuse("Is no kind of request.") }
    let eps = object.optional("eps")?.number()
    let delta = object.optional("delta")?.number()
    let warmFrom = object.optional("warm_from")?.integer(in: 1...Int.exactRange.upperBound)
    let needs = object.required("needs")?.array()?.compactMap { reader in
      let need = reader.string().flatMap(Need.init(rawValue:))
      if need == nil { reader.refuse("Is no field of an answer.") }
      return need
    }
    let penaltySteps = kind == .f2sa ? PenaltySteps(reading: object) : nil
    let mixedSteps = kind == .bda ? MixedSteps(reading: object) : nil
    let unroll = kind == .es ? ParticleUnroll(reading: object) : nil
    let turn = kind == .stn ? SelfTuningTurn(reading: object) : nil
    object.finish()
    guard reader.mistakes.all.count == before, let kind, let needs else { return nil }
    self.init(
      kind, eps: eps, delta: delta, warmFrom: warmFrom, needs: needs, penaltySteps: penaltySteps,
      mixedSteps: mixedSteps, unroll: unroll, turn: turn)
  }

  /// The request as JSON; `init(reading:)` reads it back.
  public var json: JSONValue {
    var fields: [String: JSONValue] = [
      "kind": .string(kind.rawValue), "needs": .array(needs.map { .string($0.rawValue) }),
    ]
    fields["eps"] = eps.map(JSONValue.number)
    fields["delta"] = delta.map(JSONValue.number)
    fields["warm_from"] = warmFrom.map(JSONValue.integer)
    for part in [penaltySteps?.fields, mixedSteps?.fields, unroll?.fields, turn?.fields] {
      fields.merge(part ?? [:]) { $1 }
    }
    return .object(fields)
  }
}

extension PenaltySteps {
  fileprivate init?(reading object: JSONObjectReader) {
    let lambda = object.required("lambda")?.number()
    let alpha = object.required("alpha")?.number()
    let gamma = object.required("gamma")?.number()
    let steps = object.required("steps")?.integer()
    guard let lambda, let alpha, let gamma, let steps else { return nil }
    self.init(lambda: lambda, alpha: alpha, gamma: gamma, steps: steps)
  }

  fileprivate var fields: [String: JSONValue] {
    ["lambda": .number(lambda), "alpha": .number(alpha), "gamma": .number(gamma), "steps": .integer(steps)]
  }
}

extension MixedSteps {
  fileprivate init?(reading object: JSONObjectReader) {
    let steps = object.required("steps")?.integer()
    let mixing = object.required("mixing")?.number()
    let decay = object.required("decay")?.number()
    guard let steps, let mixing, let decay else { return nil }
    self.init(steps: steps, mixing: mixing, decay: decay)
  }

  fileprivate var fields: [String: JSONValue] {
    ["steps": .integer(steps), "mixing": .number(mixing), "decay": .number(decay)]
  }
}

extension ParticleUnroll {
  fileprivate init?(reading object: JSONObjectReader) {
    let particle = object.required("particle")?.integer()
    let twin = object.required("twin")?.integer()
    let seed = object.required("seed")?.integer(in: 0...Int.exactRange.upperBound)
    let unroll = object.required("unroll")?.integer()
    let steps = object.required("steps")?.integer()
    let reset = object.required("reset")?.bool()
    let sigma = object.required("sigma")?.number()
    guard let particle, let twin, let seed, let unroll, let steps, let reset, let sigma else { return nil }
    self.init(
      particle: particle, twin: twin, seed: UInt64(seed), unroll: unroll, steps: steps, reset: reset, sigma: sigma)
  }

  fileprivate var fields: [String: JSONValue] {
    [
      "particle": .integer(particle), "twin": .integer(twin), "seed": .number(Double(seed)),
      "unroll": .integer(unroll), "steps": .integer(steps), "reset": .bool(reset), "sigma": .number(sigma),
    ]
  }
}
