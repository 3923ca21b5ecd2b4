import TuningModel

extension Exploration {
  /// What may be mutated: numbers of the training, sizes of what is trained, and choices without order.
  private enum Kind: CaseIterable { case number, size, choice }

  /// The place of the parameter that a mutation changes; `nil` for none, which is as likely as each kind there is.
  ///
  /// - Source: Franke, Köhler, Biedenkapp, Hutter 2021, "Sample-efficient automated deep reinforcement learning", section 4:
  ///   one mutation for each child, architecture (sizes), activation (choices), training parameters (numbers) and none with
  ///   equal odds. Noise on the weights is the workers' own.
  func mutation(of parameters: Parameters, using random: inout RandomStream) -> Int? {
    let active = encoding.space.parameters.indices.filter { parameters[encoding.space.parameters[$0].name] != nil }
    let groups = Dictionary(grouping: active) { kind(of: encoding.slots[encoding.firstSlot[$0]].kind) }
    let kinds = Kind.allCases.filter { groups[$0] != nil }
    let drawn = Int.random(in: 0...kinds.count, using: &random)
    return drawn == kinds.count ? nil : groups[kinds[drawn]]?.randomElement(using: &random)
  }

  /// A value that has mutated: another choice, or a number or size changed as multiplication does.
  func mutant(
    of old: ParameterValue, _ domain: Domain, at slot: Int, using random: inout RandomStream
  ) -> Change {
    guard case .categorical(let count) = encoding.slots[slot].kind, let level = domain.level(of: old), count > 1 else {
      return changed(old, domain, at: slot, using: &random)
    }
    let other = Int.random(in: 0..<(count - 1), using: &random)
    return Change(value: domain.value(atLevel: other < level ? other : other + 1), what: "mutated")
  }

  private func kind(of slot: Slot.Kind) -> Kind {
    switch slot {
    case .continuous: .number
    case .grid, .ordinal: .size
    case .categorical: .choice
    }
  }
}
