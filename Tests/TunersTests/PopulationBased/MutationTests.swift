import Testing
import Tuners
import TuningModel

@Suite("Evolution of a population")
struct MutationTests {
  private static let space: [JSONValue] = [
    ["name": "rate", "type": "float", "low": 1e-5, "high": 1, "log": true],
    ["name": "width", "type": "int", "low": 8, "high": 512], ["name": "depth", "type": "int", "low": 1, "high": 4],
    ["name": "kind", "type": "categorical", "choices": ["a", "b", "c"]],
  ]
  private static let start: Parameters = [
    "rate": .float(0.01), "width": .int(32), "depth": .int(2), "kind": .string("a"),
  ]

  /// A population of two that have told 1 and 2, at the loser's next part.
  private func loser(_ options: [String: JSONValue], seed: Int) throws -> Suggestion {
    let options = ["population_size": 2, "resample_probability": 0].merging(options) { $1 }
    var course = try PopulationCourse(options, parameters: Self.space, seed: StudySeed(seed))
    for loss in [1.0, 2] { course.tell(try course.ask(Self.start).0, loss) }
    _ = try course.ask()
    return try course.ask().1
  }

  @Test("A mutation changes one parameter or none; each kind has its turn, choices move to others")
  func mutations() throws {
    var counts: [String: Int] = [:]
    for seed in 1...200 {
      let suggestion = try loser(["exploit": "truncation", "quantile": 0.5, "explore": "mutate"], seed: seed)
      let changed = Self.start.keys.filter { suggestion.parameters[$0] != Self.start[$0] }
      #expect(changed.count <= 1)
      counts[changed.first ?? "none", default: 0] += 1
      if changed == ["depth"] { #expect([.int(1), .int(3)].contains(suggestion.parameters["depth"])) }
    }
    // None, rate, kind, and one of two sizes: a quarter each of 200, within six standard deviations for the fixed seeds.
    for name in ["none", "rate", "kind"] { #expect((15...90).contains(counts[name] ?? 0), "\(counts)") }
    #expect((15...90).contains((counts["width"] ?? 0) + (counts["depth"] ?? 0)), "\(counts)")
  }

  @Test("In an elite tournament the best goes on as it is, and others mutate even where they win")
  func elite() throws {
    var moves: Set<String> = []
    for seed in 1...40 {
      var course = try PopulationCourse(
        ["population_size": 4, "exploit": "elite_tournament", "tournament_size": 2, "explore": "mutate"],
        parameters: Self.space, seed: StudySeed(seed))
      for loss in [2.0, 1, 3, 4] { course.tell(try course.ask().0, loss) }
      for member in 0..<4 {
        let (trial, suggestion) = try course.ask()
        let move = course.move(trial)?.text ?? ""
        if member == 1 {
          #expect(move == #""continue""#)
          #expect(suggestion.parameters == course.given[2]?.parameters)
        } else {
          moves.insert(move)
          #expect(suggestion.resume?.checkpoint != nil)
        }
        // Nobody goes on from the worst but perhaps itself.
        if member != 3 { #expect(suggestion.resume?.fromTrial != 4) }
      }
    }
    #expect(moves == [#""exploit""#, #""mutate""#])
  }

  @Test("A tournament of all others always finds the best")
  func largeTournament() throws {
    for seed in 1...20 {
      var course = try PopulationCourse(
        ["population_size": 5, "exploit": "tournament", "tournament_size": 5], seed: StudySeed(seed))
      for loss in [5.0, 4, 1, 3, 2] { course.tell(try course.ask().0, loss) }
      let sources = try (0..<5).map { _ in try course.ask().1.resume?.fromTrial }
      #expect(sources == [3, 3, 3, 3, 3])
    }
  }

  @Test("Members begin at the points given, and elsewhere beyond them")
  func initialPoints() throws {
    var course = try PopulationCourse(
      ["population_size": 3, "initial_points": [["x": 0], ["x": 1]]])
    #expect(try course.ask().1.parameters == ["x": .float(0)])
    #expect(try course.ask().1.parameters == ["x": .float(1)])
    let third = try course.ask().1.parameters["x"]?.number ?? -1
    #expect(third > 0 && third < 1)
  }

  @Test(
    "Options that contradict each other are refused where they stand",
    arguments: [
      (["initial_points": [["x": 2]]], "/tuner/initial_points/0/x"),
      (["population_size": 1, "initial_points": [["x": 0], ["x": 1]]], "/tuner/initial_points"),
      (["population_size": 3, "tournament_size": 4], "/tuner/tournament_size"),
      (["long_lived": true, "max_steps": 9, "explore": "pb2"], "/tuner/explore"),
    ] as [([String: JSONValue], String)])
  func refusals(options: [String: JSONValue], pointer: String) throws {
    let error = #expect(throws: TunerError.self) { _ = try PopulationCourse(options) }
    guard case .unsupported(let mistakes) = error else {
      Issue.record("\(error.map { "\($0)" } ?? "")")
      return
    }
    #expect(mistakes.map(\.pointer) == [pointer])
  }
}
