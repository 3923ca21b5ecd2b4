import Testing
import TuningModel

@Suite("The encoding to the unit cube")
struct UnitCubeEncodingTests {
  @Test("Encoding what was decoded and decoding it again changes nothing, in random spaces", arguments: 0..<500)
  func roundTripOfPoints(seed: Int) throws {
    var random = RandomSpace(seed: seed)
    let encoding = UnitCubeEncoding(try random.next())
    for _ in 0..<20 {
      let parameters = encoding.decode(random.point(encoding.dimension))
      let point = encoding.encode(parameters)
      #expect(encoding.decode(point) == parameters, "seed \(seed)")
      #expect(point.allSatisfy { (0...1).contains($0) }, "seed \(seed)")
      #expect(encoding.encode(encoding.decode(point)) == point, "seed \(seed)")
    }
  }

  @Test("Decoded parameters belong to the space, and exactly the active ones are there", arguments: 0..<100)
  func decodedParametersAreValid(seed: Int) throws {
    var random = RandomSpace(seed: seed)
    let space = try random.next()
    let encoding = UnitCubeEncoding(space)
    for _ in 0..<20 {
      let parameters = encoding.decode(random.point(encoding.dimension))
      #expect(try space.values(parameters.json) == parameters, "seed \(seed)")
    }
  }

  @Test("Every level of a discrete parameter survives the way to the cube and back")
  func everyLevel() throws {
    let domains: [Domain] = [
      .int(IntDomain(-3, 40)), .int(IntDomain(1, 500, scale: .log)), .int(IntDomain(0, 100, step: 7)), .bool,
      .ordinal([.int(32), .int(64), .int(128)]), .categorical([.string("a"), .bool(true), .int(1), .float(0.5)]),
      .float(FloatDomain(0, 1, step: 0.1)), .int(IntDomain(5, 5)), .float(FloatDomain(2, 2)),
    ]
    for domain in domains {
      let encoding = UnitCubeEncoding(try SearchSpace([Parameter("x", domain)]))
      let count = try #require(domain.levelCount)
      for level in 0..<count {
        let value = domain.value(atLevel: level)
        #expect(encoding.decode(encoding.encode(["x": value]))["x"] == value)
      }
    }
  }

  @Test("The levels of a linear grid get equal shares of the cube")
  func equalShares() throws {
    let encoding = UnitCubeEncoding(try SearchSpace([Parameter("x", .int(IntDomain(1, 4)))]))
    var counts = [Int](repeating: 0, count: 5)
    for index in 0..<1_000 {
      if case .int(let value)? = encoding.decode([(Double(index) + 0.5) / 1_000])["x"] { counts[value] += 1 }
    }
    #expect(counts == [0, 250, 250, 250, 250])
  }

  @Test("The centre of a log range is its geometric mean")
  func logCentre() throws {
    let encoding = UnitCubeEncoding(try SearchSpace([Parameter("x", .float(FloatDomain(1e-5, 1e-1, scale: .log)))]))
    let value = try #require(encoding.decode([0.5])["x"]?.number)
    #expect(abs(value / 1e-3 - 1) < 1e-14)
  }

  @Test("The ends of a range are met exactly", arguments: [Scale.linear, .log])
  func ends(scale: Scale) throws {
    let encoding = UnitCubeEncoding(try SearchSpace([Parameter("x", .float(FloatDomain(0.1, 0.7, scale: scale)))]))
    #expect(encoding.decode([0])["x"] == .float(0.1))
    #expect(encoding.decode([1])["x"] == .float(0.7))
  }

  @Test("Ranges as wide as doubles go stay finite")
  func extremeRanges() throws {
    for domain in [FloatDomain(-1e308, 1e308), FloatDomain(1e-300, 1e300, scale: .log), FloatDomain(-1e-300, 1e-300)] {
      let encoding = UnitCubeEncoding(try SearchSpace([Parameter("x", .float(domain))]))
      for point in stride(from: 0.0, through: 1, by: 0.125) {
        let value = try #require(encoding.decode([point])["x"]?.number)
        #expect((domain.low...domain.high).contains(value))
        #expect(encoding.decode(encoding.encode(["x": .float(value)]))["x"] == .float(value))
      }
    }
  }

  @Test("A child of an inactive parent is inactive, however deep")
  func nestedActivity() throws {
    let space = try SearchSpace([
      Parameter("c", .float(FloatDomain(0, 1)), when: Condition("b", isOneOf: [.bool(true)])),
      Parameter("b", .bool, when: Condition("a", isOneOf: [.string("x")])),
      Parameter("a", .categorical([.string("x"), .string("y")])),
    ])
    let encoding = UnitCubeEncoding(space)
    #expect(encoding.decode([0.3, 0.9, 0.1]) == ["a": .string("x"), "b": .bool(true), "c": .float(0.3)])
    #expect(encoding.decode([0.3, 0.1, 0.1]) == ["a": .string("x"), "b": .bool(false)])
    #expect(encoding.decode([0.3, 0.9, 0.9]) == ["a": .string("y")])
    #expect(encoding.encode(["a": .string("y")]) == [0.5, 0.5, 0.75])
  }
}

@Suite("Grids whose last level misses the end by a rounding")
struct GridEndTests {
  @Test(
    "Centres, defaults and vectors stay in the domain", arguments: [(0.1, 0.3, 0.2), (0, 0.3, 0.1), (-0.3, 0.3, 0.1)])
  func ends(low: Double, high: Double, step: Double) throws {
    let scalar = Parameter("x", .float(FloatDomain(low, high, step: step)))
    let vector = Parameter("v", .float(FloatDomain(low, high, step: step, size: 3)))
    let space = try SearchSpace([scalar, vector])
    #expect(try space.values(space.centre.json) == space.centre)
    let encoding = UnitCubeEncoding(space)
    for coordinate in stride(from: 0.0, through: 1, by: 0.05) {
      let values = encoding.decode([Double](repeating: coordinate, count: 4))
      #expect(try space.values(values.json) == values)
      #expect(encoding.decode(encoding.encode(values)) == values)
    }
  }
}
