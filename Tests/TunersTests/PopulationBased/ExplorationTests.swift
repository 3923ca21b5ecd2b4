import Testing
import Tuners
import TuningModel

@Suite("How copied parameters are changed")
struct ExplorationTests {
  /// What becomes of parameters that a member copies, over many seeds, with what was done to each.
  private func changes(
    _ space: [JSONValue], _ start: Parameters, _ options: [String: JSONValue] = [:], constraints: [String] = [],
    seeds: ClosedRange<Int> = 1...60
  ) throws -> [(values: Parameters, done: JSONValue?)] {
    let options = ["population_size": 2, "quantile": 0.5, "resample_probability": 0].merging(options) { $1 }
    return try seeds.map { seed in
      var course = try PopulationCourse(
        options, parameters: space, constraints: constraints, seed: StudySeed(seed))
      let (first, _) = try course.ask(start)
      let (second, _) = try course.ask(start)
      course.tell(first, 1)
      course.tell(second, 2)
      _ = try course.ask()
      let suggestion = try course.ask().1
      #expect((try? course.study.space.values(suggestion.parameters.json)) == suggestion.parameters)
      return (suggestion.parameters, suggestion.origin.details?["changes"])
    }
  }

  private func numbers(_ changes: [(values: Parameters, done: JSONValue?)], _ name: String = "x") -> Set<Double> {
    Set(changes.compactMap { $0.values[name]?.number })
  }

  private func float(_ low: Double, _ high: Double, log: Bool = false) -> [JSONValue] {
    [["name": "x", "type": "float", "low": .number(low), "high": .number(high), "log": .bool(log)]]
  }

  @Test("Numbers are multiplied by one of the factors, which is recorded")
  func multiplies() throws {
    let changes = try changes(float(1e-5, 1, log: true), ["x": .float(0.01)])
    #expect(numbers(changes) == [0.01 * 0.8, 0.01 * 1.2])
    for change in changes {
      #expect(change.done?["x"] == (change.values["x"] == .float(0.01 * 0.8) ? "×0.8" : "×1.2"))
    }
  }

  @Test("Nothing leaves its range; a clipped change says so")
  func clips() throws {
    let changes = try changes(float(0.5, 1.1, log: true), ["x": .float(1)])
    #expect(numbers(changes) == [0.8, 1.1])
    #expect(changes.contains { $0.done?["x"] == "×1.2, clipped" })
  }

  @Test("What stands at a bound or at zero moves all the same", arguments: [(0.0, false), (1, false), (1, true)])
  func leavesBounds(value: Double, log: Bool) throws {
    let changes = try changes(float(log ? 0.1 : 0, 1, log: log), ["x": .float(value)])
    #expect(!numbers(changes).contains(value))
  }

  @Test("What is close to one moves by its distance from one")
  func nearOne() throws {
    let expected: Set<Double> = [1 - (1 - 0.99) * 0.8, 1 - (1 - 0.99) * 1.2]
    #expect(numbers(try changes(float(0, 1), ["x": .float(0.99)])) == expected)
  }

  @Test("Integers always move", arguments: [1, 2, 3, 50, 99, 100])
  func integers(start: Int) throws {
    for explore in ["multiply", "gaussian"] {
      let changes = try changes(
        [["name": "x", "type": "int", "low": 1, "high": 100]], ["x": .int(start)],
        ["explore": .string(explore), "deviation": 0.001])
      #expect(!numbers(changes).contains(Double(start)), "\(explore)")
    }
  }

  @Test("Ordered values go to a neighbour, unordered ones stay")
  func discrete() throws {
    let space: [JSONValue] = [
      ["name": "o", "type": "ordinal", "values": [16, 32, 64, 128]],
      ["name": "c", "type": "categorical", "choices": ["a", "b"]], ["name": "b", "type": "bool"],
    ]
    let changes = try changes(space, ["o": .int(32), "c": .string("b"), "b": .bool(true)])
    #expect(Set(changes.map { $0.values["o"] }) == [.int(16), .int(64)])
    #expect(changes.allSatisfy { $0.values["c"] == .string("b") && $0.values["b"] == .bool(true) })
    let ends = try self.changes(space, ["o": .int(128), "c": .string("b"), "b": .bool(true)])
    #expect(Set(ends.map { $0.values["o"] }) == [.int(64)])
  }

  @Test("About a quarter is drawn anew where nothing else is said")
  func resamples() throws {
    // 300 draws with probability 1/4: outside 45...110 about once in 100,000 choices of seeds.
    let changes = try changes(
      float(0, 1), ["x": .float(0.5)], ["resample_probability": 0.25], seeds: 1...300)
    #expect((45...110).contains(changes.count { $0.done?["x"] == "resampled" }))
  }

  @Test("Children are drawn where they come to life and dropped where they end")
  func conditions() throws {
    let space: [JSONValue] = [
      ["name": "c", "type": "categorical", "choices": ["a", "b"]],
      ["name": "x", "type": "float", "low": 0, "high": 1, "when": ["c": ["a"]]],
      ["name": "n", "type": "int", "low": 1, "high": 9, "when": ["c": ["b"]]],
    ]
    let changes = try changes(space, ["c": .string("a"), "x": .float(0.5)], ["explore": "resample"])
    let crossed = changes.filter { $0.values["c"] == .string("b") }
    #expect(!crossed.isEmpty && crossed.count < changes.count)
    for change in crossed {
      #expect(change.values["x"] == nil && change.values["n"] != nil)
      #expect(change.done?["x"] == "dropped")
      #expect(change.done?["n"] == "drawn")
    }
    for change in changes where change.values["c"] == .string("a") {
      #expect(change.values["n"] == nil && change.done?["n"] == nil)
    }
  }

  @Test("Constraints hold")
  func constraints() throws {
    let space: [JSONValue] = [
      ["name": "x", "type": "float", "low": 0, "high": 1], ["name": "y", "type": "float", "low": 0, "high": 1],
    ]
    let changes = try changes(
      space, ["x": .float(0.45), "y": .float(0.45)], ["resample_probability": 0.25], constraints: ["x + y <= 1"])
    for change in changes {
      #expect((change.values["x"]?.number ?? 9) + (change.values["y"]?.number ?? 9) <= 1 + 1e-9)
    }
  }

  @Test("Each component of a vector moves by itself")
  func vectors() throws {
    let changes = try changes(
      [["name": "v", "type": "float", "low": 0, "high": 10, "size": 3]], ["v": .vector([1, 2, 3])])
    for change in changes {
      guard case .vector(let values)? = change.values["v"] else { continue }
      for (value, old) in zip(values, [1.0, 2, 3]) { #expect(value == old * 0.8 || value == old * 1.2) }
    }
    #expect(Set(changes.map { $0.values["v"] }).count > 4)
  }

  @Test("Whoever keeps its own parameters changes them")
  func ownParameters() throws {
    var course = try PopulationCourse(
      ["population_size": 2, "quantile": 0.5, "resample_probability": 0, "copy_parameters": false])
    let (first, _) = try course.ask(["x": .float(0.1)])
    let (second, _) = try course.ask(["x": .float(0.5)])
    course.tell(first, 1)
    course.tell(second, 2)
    _ = try course.ask()
    let x = try #require(try course.ask().1.parameters["x"]?.number)
    #expect(x == 0.5 * 0.8 || x == 0.5 * 1.2)
  }
}
