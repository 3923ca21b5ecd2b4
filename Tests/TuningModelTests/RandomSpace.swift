import TuningModel

/// Spaces of random make-up for property tests: every kind of parameter, conditions nested to any depth.
struct RandomSpace {
  private var random: RandomStream

  init(seed: Int) { random = RandomStream(seed: UInt64(seed), trial: 0, purpose: .design) }

  mutating func next() throws -> SearchSpace {
    var parameters: [Parameter] = []
    for index in 0..<Int.random(in: 1...8, using: &random) {
      let parents = parameters.filter {
        if case .float = $0.domain { false } else { true }
      }
      var condition: Condition?
      if let parent = parents.randomElement(using: &random), Bool.random(using: &random) {
        let count = min(parent.domain.levelCount ?? 1, 6)
        let levels = (0..<count).filter { _ in Bool.random(using: &random) }
        condition = Condition(parent.name, isOneOf: (levels.isEmpty ? [0] : levels).map(parent.domain.value(atLevel:)))
      }
      parameters.append(Parameter("p\(index)", domain(), when: condition))
    }
    return try SearchSpace(parameters.shuffled(using: &random))
  }

  mutating func point(_ dimension: Int) -> [Double] {
    (0..<dimension).map { _ in
      // The ends and the cells' borders are where rounding goes wrong.
      switch Int.random(in: 0..<8, using: &random) {
      case 0: 0
      case 1: 1
      case 2: 0.5
      default: Double.random(in: 0...1, using: &random)
      }
    }
  }

  private mutating func domain() -> Domain {
    switch Int.random(in: 0..<8, using: &random) {
    case 0:
      let low = magnitude() * (Bool.random(using: &random) ? 1 : -1)
      return .float(FloatDomain(low, low + magnitude()))
    case 1:
      let low = magnitude()
      return .float(FloatDomain(low, low * (1 + magnitude()), scale: .log))
    case 2:
      let low = Double.random(in: -10...10, using: &random)
      let step = Double.random(in: 0.001...1, using: &random)
      return .float(FloatDomain(low, low + step * Double(Int.random(in: 1...1_000, using: &random)), step: step))
    case 3:
      let size = Int.random(in: 1...5, using: &random)
      return .float(FloatDomain(-1, 1, size: size))
    case 4:
      let low = Int.random(in: -1_000_000_000_000...1_000_000, using: &random)
      let width = 1 << Int.random(in: 0...44, using: &random)
      return .int(IntDomain(low, low + width, step: Int.random(in: 1...7, using: &random)))
    case 5:
      let low = Int.random(in: 1...1_000, using: &random)
      return .int(IntDomain(low, low + (1 << Int.random(in: 0...39, using: &random)), scale: .log))
    case 6: return .bool
    default:
      let values = (0..<Int.random(in: 1...9, using: &random)).map { ParameterValue.string("v\($0)") }
      return Bool.random(using: &random) ? .ordinal(values) : .categorical(values)
    }
  }

  private mutating func magnitude() -> Double {
    var value = 1.0
    for _ in 0..<Int.random(in: 0...12, using: &random) { value *= Double.random(in: 0.01...10, using: &random) }
    return value
  }
}
