import Foundation
import Testing
import TuningModel
import VarianceDecomposition

@Suite("Importance by a random forest")
struct ForestDecompositionTests {
  private static let settings = ForestDecomposition.Settings(trees: 24, sample: 250)

  /// Evaluations at points of an additive recurrence, which fill the space evenly without randomness.
  private static func evaluations(
    _ space: SearchSpace, _ count: Int, seed: StudySeed = 1, capacity: Int? = nil, _ function: (Parameters) -> Double
  ) -> Evaluations {
    let encoding = UnitCubeEncoding(space)
    var evaluations = Evaluations(in: space, seed: seed, capacity: capacity)
    // Roberts' generalised golden ratio: the root of x^(d+1) = x + 1.
    var ratio = 1.5
    for _ in 0..<60 { ratio = pow(1 + ratio, 1 / Double(encoding.dimension + 1)) }
    for index in 1...count {
      let point = (1...encoding.dimension).map { power in
        (Double(index) * pow(ratio, -Double(power)) + 0.5).truncatingRemainder(dividingBy: 1)
      }
      let parameters = encoding.decode(point)
      evaluations.add(parameters, function(parameters))
    }
    return evaluations
  }

  private static func report(
    _ evaluations: Evaluations, best share: Double = 1, goal: Goal = .minimise, seed: StudySeed = 1,
    settings: ForestDecomposition.Settings = settings
  ) throws -> ImportanceReport {
    try #require(
      ForestDecomposition.report(
        on: evaluations, of: Objective("y", goal), best: share, seed: seed, settings: settings))
  }

  private static func floats(_ count: Int, _ low: Double = 0, _ high: Double = 1) throws -> SearchSpace {
    try SearchSpace((1...count).map { Parameter("x\($0)", .float(FloatDomain(low, high))) })
  }

  private static func number(_ parameters: Parameters, _ name: String) -> Double { parameters[name]?.number ?? 0 }

  private static func linear(_ parameters: Parameters) -> Double {
    3 * number(parameters, "x1") + 2 * number(parameters, "x2") + number(parameters, "x3")
  }

  // What follows holds for these points and seeds; nothing in it is left to chance.

  @Test("Ishigami's function has the shares of its known decomposition")
  func ishigami() throws {
    let evaluations = try Self.evaluations(Self.floats(3, -.pi, .pi), 2_000) { parameters in
      let x = (1...3).map { Self.number(parameters, "x\($0)") }
      return sin(x[0]) + 7 * pow(sin(x[1]), 2) + 0.1 * pow(x[2], 4) * sin(x[0])
    }
    let report = try Self.report(evaluations, settings: ForestDecomposition.Settings(trees: 20, sample: 700))
    let known = ["x1": (0.314, 0.558), "x2": (0.442, 0.442), "x3": (0, 0.244)]
    for effect in report.parameters {
      let (main, total) = try #require(known[effect.parameters[0]])
      #expect(abs(effect.importance - main) < 0.07, "\(effect)")
      #expect(abs(effect.total - total) < 0.09, "\(effect)")
    }
    let strongest = try #require(report.interactions.first)
    #expect(strongest.parameters == ["x1", "x3"])
    #expect(abs(strongest.importance - 0.244) < 0.09)
  }

  @Test("A sum has shares like the squares of its coefficients, and no interactions")
  func linear() throws {
    let report = try Self.report(
      Self.evaluations(Self.floats(5), 1_000, Self.linear),
      settings: ForestDecomposition.Settings(trees: 16, sample: 500))
    #expect(report.parameters.prefix(3).map { $0.parameters[0] } == ["x1", "x2", "x3"])
    for (effect, share) in zip(report.parameters, [9, 4, 1, 0, 0].map { Double($0) / 14 }) {
      #expect(abs(effect.importance - share) < 0.05, "\(effect)")
      #expect(abs(effect.total - share) < 0.06, "\(effect)")
    }
    #expect(report.interactions.allSatisfy { $0.importance < 0.02 })
    #expect(report.explained ?? 0 > 0.9)
  }

  @Test("A step along one parameter is divided exactly")
  func step() throws {
    let space = try SearchSpace([
      Parameter("b", .bool), Parameter("c", .categorical(["p", "q", "r"].map(ParameterValue.string))),
    ])
    let evaluations = Self.evaluations(space, 60) {
      ($0["b"] == .bool(true) ? 2 : 0) + ($0["c"] == .string("q") ? 1 : 0)
    }
    let report = try Self.report(evaluations)
    // Var b = 1, Var c = 2/9.
    #expect(abs(report.parameters[0].importance - 9 / 11) < 1e-9)
    #expect(abs(report.parameters[1].importance - 2 / 11) < 1e-9)
    #expect(report.parameters.allSatisfy { abs($0.total - $0.importance) < 1e-9 && $0.standardError < 1e-9 })
  }

  @Test("What two parameters do only together is an interaction, exactly")
  func interaction() throws {
    let space = try SearchSpace([Parameter("a", .bool), Parameter("b", .bool), Parameter("c", .bool)])
    let evaluations = Self.evaluations(space, 60) { $0["a"] == $0["b"] ? 1 : 0 }
    let report = try Self.report(evaluations)
    #expect(report.parameters.allSatisfy { $0.importance < 1e-9 })
    #expect(report.parameters.map { ($0.total * 1e6).rounded() / 1e6 } == [1, 1, 0])
    #expect(report.interactions.map(\.parameters) == [["a", "b"]])
    #expect(abs(report.interactions[0].importance - 1) < 1e-9)
  }

  @Test("A conditional parameter matters as far as it takes part, and its parent by the difference")
  func conditional() throws {
    let space = try SearchSpace([
      Parameter("optimizer", .categorical([.string("sgd"), .string("adam")])),
      Parameter("momentum", .float(FloatDomain(0, 1)), when: Condition("optimizer", isOneOf: [.string("sgd")])),
      Parameter("other", .float(FloatDomain(0, 1))),
    ])
    let evaluations = Self.evaluations(space, 300) { $0["momentum"]?.number ?? 0.5 }
    let report = try Self.report(evaluations)
    // The mean of both halves is the same, so the parent does nothing alone; half of the child's variance is in each part.
    #expect(report.parameters.map { $0.parameters[0] } == ["momentum", "optimizer", "other"])
    #expect(abs(report.parameters[0].importance - 0.5) < 0.03)
    #expect(report.parameters[1].importance < 0.03)
    #expect(abs(report.parameters[1].total - 0.5) < 0.03)
    #expect(report.interactions.first?.parameters == ["optimizer", "momentum"])
  }

  @Test("A parameter under conditions on ordered parents, two levels deep, is found")
  func nested() throws {
    let space = try SearchSpace([
      Parameter("layers", .int(IntDomain(1, 4))),
      Parameter("units", .int(IntDomain(1, 8)), when: Condition("layers", isOneOf: [.int(2), .int(4)])),
      Parameter("rate", .float(FloatDomain(0, 1)), when: Condition("units", isOneOf: (3...6).map(ParameterValue.int))),
    ])
    let evaluations = Self.evaluations(space, 600) { $0["rate"]?.number ?? 0.5 }
    let report = try Self.report(evaluations, settings: ForestDecomposition.Settings(trees: 12, sample: 400))
    #expect(report.parameters[0].parameters == ["rate"])
    // A quarter of the variance is left in the mean over the rest, since the rate takes part in a quarter of the space.
    #expect(abs(report.parameters[0].importance - 0.25) < 0.05)
    #expect(report.parameters[0].total > 0.95)
  }

  @Test("Components of a vector count together")
  func vector() throws {
    let space = try SearchSpace([
      Parameter("mixture", .float(FloatDomain(0, 1, size: 2))), Parameter("x", .float(FloatDomain(0, 1))),
    ])
    let evaluations = Self.evaluations(space, 400) { parameters in
      guard case .vector(let parts)? = parameters["mixture"] else { return 0 }
      return parts[0] > 0.5 ? parts[1] : 1 - parts[1]
    }
    let report = try Self.report(evaluations)
    #expect(report.parameters.map { $0.parameters[0] } == ["mixture", "x"])
    #expect(report.parameters[0].importance > 0.85)
  }

  @Test("Log parameters are spread evenly over their logarithm")
  func logarithm() throws {
    let space = try SearchSpace([
      Parameter("rate", .float(FloatDomain(1e-6, 1, scale: .log))), Parameter("x", .float(FloatDomain(0, 6))),
    ])
    let evaluations = Self.evaluations(space, 400) { log10(Self.number($0, "rate")) + Self.number($0, "x") }
    let report = try Self.report(evaluations)
    #expect(report.parameters.allSatisfy { abs($0.importance - 0.5) < 0.05 })
  }

  @Test("With a share only differences among the best count")
  func best() throws {
    // Where x1 is low all is bad; elsewhere only x2 matters.
    func function(_ parameters: Parameters) -> Double {
      Self.number(parameters, "x1") < 0.4 ? -100 : Self.number(parameters, "x2")
    }
    let evaluations = try Self.evaluations(Self.floats(2), 400, function)
    let all = try Self.report(evaluations, goal: .maximise)
    #expect(all.parameters[0].parameters == ["x1"] && all.parameters[0].importance > 0.95)
    let best = try Self.report(evaluations, best: 0.25, goal: .maximise)
    #expect(best.share == 0.25)
    #expect(best.parameters[0].parameters == ["x2"])
    #expect(best.parameters[0].importance > 2 * best.parameters[1].importance)
  }

  @Test("Where all values are the same, nothing is important and nothing explained")
  func constant() throws {
    let report = try Self.report(Self.evaluations(Self.floats(2), 20) { _ in 0.1 })
    #expect(report.explained == nil)
    #expect(report.parameters.map(\.total) == [0, 0])
    #expect(report.interactions.isEmpty)
  }

  @Test("Parameters that never varied are not important")
  func unvaried() throws {
    let space = try Self.floats(2)
    var evaluations = Evaluations(in: space, seed: 1)
    for index in 0..<30 { evaluations.add(["x1": .float(0.5), "x2": .float(0.5)], Double(index % 3)) }
    let report = try Self.report(evaluations)
    #expect(report.parameters.map(\.total) == [0, 0])
    #expect(report.explained ?? 1 < 0.1)
  }

  @Test("The largest numbers are divided like others")
  func large() throws {
    let space = try Self.floats(3)
    // A power of two changes no digit.
    let report = try Self.report(Self.evaluations(space, 200) { 0x1p1020 * (Self.linear($0) - 3) })
    #expect(try report == Self.report(Self.evaluations(space, 200) { Self.linear($0) - 3 }))
  }

  @Test("The same evaluations and seed give the same report, another seed another")
  func determinism() throws {
    let evaluations = try Self.evaluations(Self.floats(3), 100, Self.linear)
    let one = try Self.report(evaluations)
    #expect(try Self.report(evaluations) == one)
    #expect(try Self.report(evaluations, seed: 2) != one)
  }

  @Test("Of more evaluations than there is room for a sample is held, and all are counted")
  func reservoir() throws {
    let report = try Self.report(Self.evaluations(Self.floats(3), 1_000, capacity: 200, Self.linear))
    #expect(report.trials == 1_000)
    #expect(abs(report.parameters[0].importance - 9 / 14) < 0.1)
  }

  @Test("Noise makes no interactions: what trees agree on is divided, not what each follows")
  func noise() throws {
    var random = RandomStream(seed: 5, trial: 1)
    let evaluations = try Self.evaluations(Self.floats(4), 400) { parameters in
      // Uniform noise with a quarter of the variance of the sum.
      Self.linear(parameters) + (Double(random.next() >> 11) * 0x1p-53 - 0.5) * 1.87
    }
    let report = try Self.report(evaluations)
    #expect(abs(report.parameters[0].importance - 9 / 14) < 0.08)
    let mains = report.parameters.reduce(0) { $0 + $1.importance }
    #expect(mains > 0.85)
  }

  @Test("A caller who has gone gets nothing")
  func givenUp() throws {
    let evaluations = try Self.evaluations(Self.floats(1), 20, Self.linear)
    #expect(
      ForestDecomposition.report(on: evaluations, of: Objective("y", .minimise), seed: 1, unless: { true }) == nil)
  }
}
