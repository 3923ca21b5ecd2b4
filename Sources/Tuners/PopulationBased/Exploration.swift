import NumericalMethods
import TuningModel

/// Changes parameters that were copied, and says what was done to each.
struct Exploration: Sendable {
  let settings: PopulationSettings
  let region: FeasibleRegion

  /// How often a change is made anew that leaves the feasible region, before the parameters stay as they are.
  private static let tries = 100

  var encoding: UnitCubeEncoding { region.encoding }

  /// Changed parameters; children of a condition are drawn where they come to life, and dropped where they end.
  func changed(_ parameters: Parameters, using random: inout RandomStream) -> (Parameters, [String: String]) {
    let space = encoding.space
    for _ in 0..<Self.tries {
      var values: Parameters = [:]
      var done: [String: String] = [:]
      let mutated = settings.change == .mutate ? mutation(of: parameters, using: &random) : nil
      for (index, parameter) in space.parameters.enumerated() {
        let name = parameter.name
        let change: Change
        if let old = parameters[name] {
          if settings.change != .mutate {
            change = changed(old, parameter.domain, at: encoding.firstSlot[index], using: &random)
          } else if index == mutated {
            change = mutant(of: old, parameter.domain, at: encoding.firstSlot[index], using: &random)
          } else {
            values[name] = old
            continue
          }
        } else {
          change = drawn(parameter.domain, at: encoding.firstSlot[index], "drawn", using: &random)
        }
        values[name] = change.value
        done[name] = change.what
      }
      let active = space.activeNames(for: values)
      for name in values.keys where !active.contains(name) {
        done[name] = parameters[name] == nil ? nil : "dropped"
        values[name] = nil
      }
      if space.satisfiesConstraints(values) { return (values, done) }
    }
    return (parameters, parameters.mapValues { _ in "kept: every change was infeasible" })
  }

  /// A value and how it came about.
  struct Change {
    var value: ParameterValue
    var what: String
  }

  func changed(
    _ old: ParameterValue, _ domain: Domain, at slot: Int, using random: inout RandomStream
  ) -> Change {
    if case .vector(let components) = old {
      var moved: [Double] = []
      var done: [String] = []
      for (offset, component) in components.enumerated() {
        let change = changed(component, encoding.slots[slot + offset].kind, using: &random)
        moved.append(change.value)
        done.append(change.what)
      }
      return Change(value: domain.canonical(.vector(moved)) ?? old, what: done.joined(separator: ", "))
    }
    if isResampled(using: &random) { return drawn(domain, at: slot, "resampled", using: &random) }
    if let level = domain.level(of: old), let count = domain.levelCount, !isNumber(encoding.slots[slot].kind) {
      let kind = encoding.slots[slot].kind
      guard kind.isOrdered, count > 1 else { return Change(value: old, what: "kept") }
      let moved = Self.neighbour(of: level, count, isUp: Bool.random(using: &random))
      return Change(value: domain.value(atLevel: moved), what: moved > level ? "next" : "previous")
    }
    guard let number = old.number else { return Change(value: old, what: "kept") }
    let (value, what) = moved(number, encoding.slots[slot].kind, using: &random)
    let typed: ParameterValue = if case .int = domain { .int(Int(value)) } else { .float(value) }
    return Change(value: domain.canonical(typed) ?? old, what: what)
  }

  /// One component of a vector.
  private func changed(
    _ old: Double, _ kind: Slot.Kind, using random: inout RandomStream
  ) -> (value: Double, what: String) {
    if isResampled(using: &random) { return (kind.value(at: Double.random(in: 0..<1, using: &random)), "resampled") }
    return moved(old, kind, using: &random)
  }

  private func isResampled(using random: inout RandomStream) -> Bool {
    settings.change == .resample || Double.random(in: 0..<1, using: &random) < settings.resampleProbability
  }

  private func isNumber(_ kind: Slot.Kind) -> Bool {
    switch kind {
    case .continuous, .grid: true
    case .ordinal, .categorical: false
    }
  }

  /// A draw from the whole of a domain, on its own scale.
  private func drawn(
    _ domain: Domain, at slot: Int, _ what: String, using random: inout RandomStream
  ) -> Change {
    let count = if case .float(let float) = domain { float.size ?? 1 } else { 1 }
    let components = (slot..<slot + count).map {
      (kind: encoding.slots[$0].kind, coordinate: Double.random(in: 0..<1, using: &random))
    }
    if case .float(let float) = domain {
      let values = components.map { min($0.kind.value(at: $0.coordinate), float.high) }
      let value: ParameterValue = float.size == nil ? .float(values[0]) : .vector(values)
      return Change(value: domain.canonical(value) ?? value, what: what)
    }
    return Change(value: domain.value(atLevel: components[0].kind.level(at: components[0].coordinate)), what: what)
  }

  // MARK: Moves of numbers

  private func moved(
    _ old: Double, _ kind: Slot.Kind, using random: inout RandomStream
  ) -> (value: Double, what: String) {
    switch kind {
    case .continuous(let low, let high, let scale):
      if settings.change == .gaussian {
        let coordinate = kind.coordinate(of: old) + settings.deviation * StandardNormal.sample(using: &random)
        let value = kind.value(at: min(max(coordinate, 0), 1))
        return (value, coordinate < 0 || coordinate > 1 ? "gaussian, clipped" : "gaussian")
      }
      return multiplied(old, low, high, scale, by: factor(using: &random))
    case .grid(let first, let step, let count, _):
      guard count > 1 else { return (old, "kept") }
      let level = min(max(Int(((old - first) / step).rounded()), 0), count - 1)
      let (goal, isUp): (Int, Bool)
      if settings.change == .gaussian {
        let noise = settings.deviation * StandardNormal.sample(using: &random)
        let coordinate = kind.coordinate(ofLevel: level) + noise
        (goal, isUp) = (kind.level(at: coordinate), noise > 0)
      } else {
        let factor = factor(using: &random)
        let wanted = ((old * factor - first) / step).rounded()
        goal = Int(min(max(wanted, 0), Double(count - 1)))
        isUp = (factor > 1) == (old >= 0)
      }
      // An integer that stays where it is would be stuck there.
      let moved = goal == level ? Self.neighbour(of: level, count, isUp: isUp) : goal
      return (first + Double(moved) * step, moved > level ? "+\(moved - level)" : "\(moved - level)")
    case .ordinal, .categorical: return (old, "kept")
    }
  }

  private func factor(using random: inout RandomStream) -> Double {
    Bool.random(using: &random) ? settings.factors.up : settings.factors.down
  }

  /// A multiple within bounds; what multiplication does not move, such as zero, moves by a part of the range.
  private func multiplied(
    _ old: Double, _ low: Double, _ high: Double, _ scale: Scale, by factor: Double
  ) -> (value: Double, what: String) {
    // What counts in a discount or a momentum of 0.99 is how far it is from one.
    let isNearOne = scale == .linear && low >= 0 && high <= 1 && old >= 0.9 && old < 1
    let wanted = isNearOne ? 1 - (1 - old) * factor : old * factor
    let what = isNearOne ? "1-x ×\(factor)" : "×\(factor)"
    let value = min(max(wanted, low), high)
    if value != old { return (value, value == wanted ? what : "\(what), clipped") }
    if scale == .log {
      // It stands at a bound: the other way is open.
      let other = factor > 1 ? settings.factors.down : settings.factors.up
      return (min(max(old * other, low), high), "×\(other)")
    }
    let part = (factor - 1) * (high - low)
    let isInside = old + part >= low && old + part <= high
    let step = isInside ? part : -part
    return (min(max(old + step, low), high), "\(step > 0 ? "+" : "-")\(abs(factor - 1)) of the range")
  }

  private static func neighbour(of level: Int, _ count: Int, isUp: Bool) -> Int {
    let wanted = isUp ? level + 1 : level - 1
    return (0..<count).contains(wanted) ? wanted : isUp ? level - 1 : level + 1
  }
}
