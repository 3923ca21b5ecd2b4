import BayesianOptimization
import Foundation
import TestSupport
import Testing
import TuningModel

@Suite("Maximising an acquisition")
struct AcquisitionMaximiserTests {
  /// A function of the encoded point whose values are known.
  struct Hill: SearchSurface {
    var lengthscales: [Double]
    let height: @Sendable ([Double]) -> Double

    init(_ dimension: Int, _ height: @escaping @Sendable ([Double]) -> Double) {
      lengthscales = Array(repeating: 0.5, count: dimension)
      self.height = height
    }

    func values(at points: [[Double]]) -> [Double] { points.map(height) }

    func evaluate(at points: [[Double]]) -> [(value: Double, gradient: [Double])] {
      points.map { point in
        let gradient = point.indices.map { index in
          var (below, above) = (point, point)
          below[index] -= 1e-6
          above[index] += 1e-6
          return (height(above) - height(below)) / 2e-6
        }
        return (height(point), gradient)
      }
    }
  }

  private func maximise(
    _ space: SearchSpace, _ hill: Hill, pool: Int = 64, mayRepeat: Bool = false, tried: Set<Parameters> = []
  ) -> AcquisitionMaximiser.Proposal? {
    var settings = AcquisitionMaximiser.Settings()
    settings.pool.global = pool
    settings.starts = 4
    var random = RandomStream(seed: 1, trial: 1)
    return AcquisitionMaximiser(region: FeasibleRegion(UnitCubeEncoding(space)), settings: settings)
      .maximise(hill, observed: [], mayRepeat: mayRepeat, tried: tried.contains, using: &random)
  }

  @Test("It finds the top of a hill among continuous coordinates")
  func continuous() throws {
    let space = try SearchSpace((0..<3).map { Parameter("x\($0)", .float(FloatDomain(0, 1))) })
    let found = try #require(
      maximise(space, Hill(3) { -pow($0[0] - 0.3, 2) - pow($0[1] - 0.77, 2) - pow($0[2] - 1.2, 2) }))
    #expect(abs(found.point[0] - 0.3) < 1e-3 && abs(found.point[1] - 0.77) < 1e-3 && found.point[2] == 1)
    #expect(found.source == .localSearch)
  }

  @Test("Along the axes it finds the best point that differs in one coordinate")
  func alongAxes() throws {
    let space = try SearchSpace([
      Parameter("x", .float(FloatDomain(0, 1))), Parameter("y", .float(FloatDomain(0, 1))),
      Parameter("n", .int(IntDomain(1, 1_000))), Parameter("kind", .categorical((0..<5).map(ParameterValue.int))),
    ])
    let region = FeasibleRegion(UnitCubeEncoding(space))
    let start = region.encoding.snap([0.1, 0.1, 0.1, 0.1])
    func best(_ height: @escaping @Sendable ([Double]) -> Double, tried: Set<Parameters> = []) throws -> [Double] {
      var random = RandomStream(seed: 1, trial: 1)
      let proposal = try #require(
        AcquisitionMaximiser(region: region).maximiseAlongAxes(
          Hill(4, height), from: start, tried: tried.contains, using: &random))
      #expect(proposal.source == .axes)
      #expect(zip(proposal.point, start).count { $0 != $1 } == 1)
      return proposal.point
    }
    #expect(try abs(best { $0[0] + 3 * $0[1] - 4 * abs($0[1] - 0.7) }[1] - 0.7) < 1.0 / 64)
    #expect(try abs(best { -abs($0[2] - 0.9) }[2] - 0.9) < 1.0 / 32)
    let kind = try best { $0[3] }
    #expect(kind[3] == 0.9)
    #expect(try best({ $0[3] }, tried: [region.decode(kind)])[3] == 0.7)
  }

  @Test("It finds the best combination of levels in a space too large to enumerate")
  func discrete() throws {
    let space = try SearchSpace([
      Parameter("long", .int(IntDomain(1, 1_000))), Parameter("short", .int(IntDomain(0, 9))),
      Parameter("kind", .categorical((0..<5).map(ParameterValue.int))), Parameter("flag", .bool),
    ])
    let kinds = UnitCubeEncoding(space).slots.map(\.kind)
    let hill = Hill(4) { point in
      let best = kinds[2].level(at: point[2]) == 3 && kinds[3].level(at: point[3]) == 1
      return -pow((kinds[0].value(at: point[0]) - 641) / 100, 2) - pow(kinds[1].value(at: point[1]) - 4, 2)
        + (best ? 1 : 0)
    }
    let found = try #require(maximise(space, hill, pool: 256))
    #expect(found.parameters == ["long": .int(641), "short": .int(4), "kind": .int(3), "flag": .bool(true)])
  }

  @Test("It ends on the boundary where the top lies beyond a constraint")
  func constrained() throws {
    let space = try SearchSpace(
      [Parameter("x", .float(FloatDomain(0, 10))), Parameter("y", .float(FloatDomain(0, 10)))],
      constraints: [LinearConstraint(["x": 1, "y": 2], atMost: 8)])
    // The nearest point of x + 2y = 8 to (6, 6) is (6, 6) − 2·(1, 2).
    let found = try #require(maximise(space, Hill(2) { -pow(10 * $0[0] - 6, 2) - pow(10 * $0[1] - 6, 2) }))
    #expect(space.satisfiesConstraints(found.parameters))
    let (x, y) = (found.parameters["x"]?.number ?? .nan, found.parameters["y"]?.number ?? .nan)
    #expect(abs(x - 4) < 0.02 && abs(y - 2) < 0.02)
  }

  @Test("It finds its way in a region too thin to be hit by chance")
  func thin() throws {
    let names = (0..<8).map { "x\($0)" }
    let space = try SearchSpace(
      names.map { Parameter($0, .float(FloatDomain(0, 1))) },
      constraints: [LinearConstraint(Dictionary(uniqueKeysWithValues: names.map { ($0, 1) }), atMost: 0.2)])
    let found = try #require(maximise(space, Hill(8) { $0[2] - 0.1 * $0[5] }))
    #expect(space.satisfiesConstraints(found.parameters))
    #expect(found.parameters["x2"]?.number ?? 0 > 0.19)
  }

  @Test("Every proposal is feasible, snapped and decodes to its parameters", arguments: 0..<20 as Range<UInt64>)
  func sound(seed: UInt64) throws {
    let space = try SearchSpace(
      [
        Parameter("kind", .categorical([.string("a"), .string("b")])),
        Parameter("n", .int(IntDomain(1, 40)), when: Condition("kind", isOneOf: [.string("a")])),
        Parameter("x", .float(FloatDomain(0, 10))), Parameter("y", .float(FloatDomain(1, 100, scale: .log))),
      ],
      constraints: [LinearConstraint(["n": 1, "x": 2], atMost: 30), LinearConstraint(["x": 5, "y": 1], atMost: 60)])
    let encoding = UnitCubeEncoding(space)
    var generator = SplitMix64(seed: seed)
    let (a, b, c) = (
      Double.random(in: -4...4, using: &generator), Double.random(in: -4...4, using: &generator),
      Double.random(in: -4...4, using: &generator)
    )
    let found = try #require(
      maximise(space, Hill(4) { a * $0[1] + b * $0[2] + c * $0[3] + sin(5 * $0[0] + 3 * $0[2]) }))
    #expect(space.satisfiesConstraints(found.parameters), "seed \(seed)")
    #expect(encoding.snap(found.point) == found.point && encoding.decode(found.point) == found.parameters)
  }

  @Test("A point that was tried is not proposed, and the next best is")
  func next() throws {
    let space = try SearchSpace([Parameter("n", .int(IntDomain(0, 9)))])
    let hill = Hill(1) { -abs($0[0] - 0.45) }
    let best = try #require(maximise(space, hill)).parameters
    #expect(best == ["n": .int(4)])
    let second = try #require(maximise(space, hill, tried: [best]))
    #expect(second.parameters == ["n": .int(3)] || second.parameters == ["n": .int(5)])
    #expect(second.source == .enumeration)
  }

  @Test("An exhausted space gives nothing, or its best point again where repeating is allowed")
  func exhausted() throws {
    let space = try SearchSpace([Parameter("flag", .bool), Parameter("n", .int(IntDomain(0, 2)))])
    let all = Set(
      [true, false].flatMap { flag in (0...2).map { ["flag": .bool(flag), "n": .int($0)] as Parameters } })
    let hill = Hill(2) { $0[0] + $0[1] }
    #expect(maximise(space, hill, tried: all) == nil)
    let repeated = try #require(maximise(space, hill, mayRepeat: true, tried: all))
    #expect(repeated.source == .repetition && repeated.parameters == ["flag": .bool(true), "n": .int(2)])
  }

  @Test("A duplicate in a large space leads to an untried neighbour or pool point")
  func duplicates() throws {
    let space = try SearchSpace([
      Parameter("a", .int(IntDomain(0, 199))), Parameter("b", .int(IntDomain(0, 199))),
    ])
    let hill = Hill(2) { -pow($0[0] - 0.5, 2) - pow($0[1] - 0.5, 2) }
    var tried: Set<Parameters> = []
    for _ in 0..<30 {
      let found = try #require(maximise(space, hill, pool: 8, tried: tried))
      #expect(!tried.contains(found.parameters))
      tried.insert(found.parameters)
    }
  }

  @Test("A surface without any finite value still gives an untried point, and says how")
  func nothingFinite() throws {
    let space = try SearchSpace([Parameter("x", .float(FloatDomain(0, 1)))])
    let found = try #require(maximise(space, Hill(1) { _ in -.infinity }))
    #expect(found.source == .sample)
  }

  @Test("The points of a finite space are each feasible one once, inactive coordinates aside")
  func finitePoints() throws {
    let space = try SearchSpace(
      [
        Parameter("kind", .categorical([.string("a"), .string("b")])),
        Parameter("n", .int(IntDomain(1, 5)), when: Condition("kind", isOneOf: [.string("a")])),
        Parameter("m", .int(IntDomain(1, 3))),
      ], constraints: [LinearConstraint(["n": 1, "m": 1], atMost: 4)])
    let encoding = UnitCubeEncoding(space)
    let finite = try #require(FinitePoints(FeasibleRegion(encoding)))
    let points = try #require(finite.all(limit: 100))
    // With a: n + m ≤ 4 has 3 + 2 + 1 pairs; with b: three values of m.
    #expect(points.count == 9 && Set(points.map(encoding.decode)).count == 9)
    #expect(finite.all(limit: 8) == nil)
    #expect(FinitePoints(FeasibleRegion(UnitCubeEncoding(try TestProblem.branin().study.space))) == nil)
  }
}
