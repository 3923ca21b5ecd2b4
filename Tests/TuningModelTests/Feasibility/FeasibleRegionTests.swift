import Testing
import TuningModel

@Suite("The feasible region")
struct FeasibleRegionTests {
  static let wide = [
    Parameter("a", .int(IntDomain(0, 1_000_000))), Parameter("b", .float(FloatDomain(0, 1e6))),
    Parameter("c", .float(FloatDomain(1e-6, 1e6, scale: .log))),
    Parameter("d", .ordinal([.int(32), .int(64), .int(128)])),
  ]

  @Test(
    "Samples satisfy thin, tilted and empty-looking constraints",
    arguments: [
      ["a + b <= 10"], ["a - b <= 0.001", "b - a <= 0.001"], ["a + b + c >= 2999999"], ["c <= 0.000002"],
      ["a >= 999999", "b >= 999999.5", "d + a <= 1000032"], ["a + 2*d <= 65"],
    ])
  func samples(texts: [String]) throws {
    let names = Set(Self.wide.map(\.name))
    let space = try SearchSpace(
      Self.wide, constraints: texts.map { try LinearConstraint(parsing: $0, names: names) })
    let region = FeasibleRegion(UnitCubeEncoding(space))
    var random = RandomStream(seed: 1, trial: 1)
    for _ in 0..<20 {
      let point = region.sample(using: &random)
      #expect(region.contains(point))
      #expect(space.satisfiesConstraints(region.encoding.decode(point)))
    }
  }

  @Test("Samples of a thin region spread over it")
  func spread() throws {
    let space = try SearchSpace(
      [Parameter("x", .float(FloatDomain(0, 1))), Parameter("y", .float(FloatDomain(0, 1)))],
      constraints: [LinearConstraint(["x": 1, "y": 1], atMost: 1e-3)])
    let region = FeasibleRegion(UnitCubeEncoding(space))
    var random = RandomStream(seed: 2, trial: 1)
    // Uniform on the triangle: x / 1e-3 has density 2(1 − t) on [0, 1], mean 1/3 and deviation √(1/18).
    let values = (0..<400).map { _ in region.sample(using: &random)[0] / 1e-3 }
    let mean = values.reduce(0, +) / 400
    // Five standard errors: a false alarm in fewer than one of 10^6 seeds, and the seed is fixed.
    #expect(abs(mean - 1.0 / 3) < 5 * (1.0 / 18).squareRoot() / 20)
  }

  @Test("Points with fixed values have them exactly, and satisfy the constraints")
  func fixing() throws {
    let names = Set(Self.wide.map(\.name))
    let space = try SearchSpace(
      Self.wide, constraints: [try LinearConstraint(parsing: "a - b <= 0.001", names: names)])
    let region = try FeasibleRegion(UnitCubeEncoding(space)).fixing(["a": .int(999_999), "c": .float(0.1)])
    var random = RandomStream(seed: 4, trial: 1)
    for _ in 0..<20 {
      let parameters = region.decode(region.sample(using: &random))
      #expect(parameters["a"] == .int(999_999) && parameters["c"] == .float(0.1))
      #expect(space.satisfiesConstraints(parameters))
    }
    let point = region.sample(using: &random)
    #expect(region.range(of: 2, at: point) == point[2]...point[2])
    #expect(region.feasibleLevels(of: 0, at: point) == [999_999])
    var moved = point
    region.redraw(2, in: &moved, using: &random)
    #expect(moved == point && region.contains(point))
    moved[2] = 0.75
    #expect(!region.contains(moved))
  }

  @Test("Values that no point has are refused with a pointer")
  func refusedFixing() throws {
    let space = try SearchSpace(
      [
        Parameter("big", .bool),
        Parameter("n", .int(IntDomain(10, 20)), when: Condition("big", isOneOf: [.bool(true)])),
        Parameter("x", .float(FloatDomain(0, 1))), Parameter("y", .float(FloatDomain(0, 1))),
      ], constraints: [LinearConstraint(["x": 1, "y": 1], atMost: 1)])
    let region = FeasibleRegion(UnitCubeEncoding(space))
    func pointers(_ values: JSONValue) -> [String] {
      do throws(InvalidInput) {
        _ = try JSONReader.read(values, at: "/fixed") { region.fixing(reading: $0) }
        return []
      } catch {
        return error.mistakes.map(\.pointer)
      }
    }
    #expect(pointers(["z": 1]) == ["/fixed/z"])
    #expect(pointers(["x": 2]) == ["/fixed/x"])
    #expect(pointers(["x": 0.75, "y": 0.5]) == ["/fixed"])
    #expect(pointers(["n": 12]) == ["/fixed/n"])
    #expect(pointers(["n": 12, "big": false]) == ["/fixed/n"])
    #expect(pointers([1]) == ["/fixed"])
    #expect(pointers(["n": 12, "big": true, "x": 0.75, "y": 0.25]) == [])
    #expect(pointers([:]) == [])
  }

  @Test("A constraint on a conditional parameter counts only where it is active")
  func conditional() throws {
    let space = try SearchSpace(
      [
        Parameter("big", .bool),
        Parameter("n", .int(IntDomain(10, 20)), when: Condition("big", isOneOf: [.bool(true)])),
      ], constraints: [LinearConstraint(["n": 1], atMost: 5)])
    let region = FeasibleRegion(UnitCubeEncoding(space))
    var random = RandomStream(seed: 3, trial: 1)
    for _ in 0..<50 {
      #expect(region.encoding.decode(region.sample(using: &random)) == ["big": .bool(false)])
    }
  }

  @Test("The range of a coordinate ends where its constraint binds")
  func range() throws {
    let space = try SearchSpace(
      [Parameter("x", .float(FloatDomain(0, 10))), Parameter("y", .float(FloatDomain(0, 10)))],
      constraints: [LinearConstraint(["x": 1, "y": 2], atMost: 8)])
    let region = FeasibleRegion(UnitCubeEncoding(space))
    let range = region.range(of: 0, at: [0.1, 0.25])
    #expect(abs(range.lowerBound) < 1e-12 && abs(range.upperBound - 0.3) < 1e-12)
  }

  @Test("The gradient of the violation matches finite differences")
  func violationGradient() throws {
    let names: Set<String> = ["a", "b", "c", "d"]
    let space = try SearchSpace(
      Self.wide.map { $0 },
      constraints: [
        LinearConstraint(parsing: "a + b <= 10", names: names),
        LinearConstraint(parsing: "c + 100*d <= 3300", names: names),
      ])
    let region = FeasibleRegion(UnitCubeEncoding(space))
    let point = [0.3, 0.8, 0.9, 0.55]
    var gradient = [Double](repeating: 0, count: 4)
    var scratch = gradient
    _ = region.violation(at: point, gradient: &gradient)
    for index in 0..<4 {
      var (up, down) = (point, point)
      up[index] += 1e-6
      down[index] -= 1e-6
      let slope = (region.violation(at: up, gradient: &scratch) - region.violation(at: down, gradient: &scratch)) / 2e-6
      #expect(abs(slope - gradient[index]) <= 1e-6 * max(1, abs(slope)))
    }
    #expect(gradient.contains { $0 > 0 })
  }
}
