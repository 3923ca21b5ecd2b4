import Bilevel
import Testing
import TuningModel

@Suite("Evolution strategies")
struct EvolutionTests {
  private func options(_ more: [String: JSONValue] = [:]) -> [String: JSONValue] {
    ["particles": 8, "horizon": 30, "truncation": 10].merging(more) { $1 }
  }

  /// The suggestions of the next round.
  private func round(_ run: inout OracleCourseRun) throws -> [Suggestion] {
    try run.ask(100)
    return run.open.map(\.suggestion)
  }

  @Test("Twins stand on opposite sides of the same point, with the same seed", arguments: ["pes", "es_single"])
  func twins(name: String) throws {
    var run = try OracleCourseRun(vectorStudy(name, options()))
    let suggestions = try round(&run)
    #expect(suggestions.count == 8)
    for pair in 0..<4 {
      let (up, down) = (suggestions[2 * pair], suggestions[2 * pair + 1])
      #expect(up.request?.unroll?.seed == down.request?.unroll?.seed)
      #expect(up.request?.unroll?.twin == down.request?.unroll?.particle)
      #expect(up.parameters != down.parameters)
      for (a, b) in zip(OracleCourseRun.theta(up), OracleCourseRun.theta(down)) { #expect(abs(a + b - 2) < 1e-12) }
    }
    #expect(Set(suggestions.compactMap(\.request?.unroll?.seed)).count == 4)
  }

  @Test("pes perturbs anew in each round, es_single in each episode")
  func noiseReuse() throws {
    for (name, isReused) in [("pes", false), ("es_single", true)] {
      var run = try OracleCourseRun(vectorStudy(name, options()))
      let first = try round(&run)
      while !run.open.isEmpty { run.tell() }
      let second = try round(&run)
      let (before, after) = (first[0].request?.unroll, second[0].request?.unroll)
      #expect(after?.unroll == 1 && after?.reset == false)
      #expect((before?.seed == after?.seed) == isReused)
    }
  }

  @Test("Episodes start at different rounds, and again after their last part")
  func staggering() throws {
    var run = try OracleCourseRun(vectorStudy("pes", options(["particles": 6])))
    var starts: [Int: [Int]] = [:]
    for turn in 0..<7 {
      for suggestion in try round(&run) {
        let unroll = try #require(suggestion.request?.unroll)
        #expect(unroll.reset == (unroll.unroll == 0))
        if unroll.reset { starts[unroll.particle, default: []].append(turn) }
      }
      while !run.open.isEmpty { run.tell() }
    }
    #expect(starts[0] == [0, 3, 6])
    #expect(starts[2] == [0, 2, 5])
    #expect(starts[4] == [0, 1, 4])
    #expect((0..<3).allSatisfy { starts[2 * $0] == starts[2 * $0 + 1] })
  }

  @Test("A pair that lacks an answer is left out and begins anew")
  func incompletePairs() throws {
    var run = try OracleCourseRun(vectorStudy("es_single", options()))
    _ = try round(&run)
    run.tell(0, failing: true)
    while !run.open.isEmpty { run.tell() }
    let next = try round(&run)
    #expect(next[0].origin.details?["step"] == 1)
    #expect(next[0].request?.unroll?.reset == true && next[1].request?.unroll?.reset == true)
    #expect(next[2].request?.unroll?.reset == false)
  }

  @Test("A round with less than a quarter of its particles is repeated, three times at most")
  func poorRounds() throws {
    var run = try OracleCourseRun(vectorStudy("pes", options(["particles": 16])))
    for turn in 1...3 {
      let suggestions = try round(&run)
      #expect(suggestions.count == 16)
      #expect(suggestions[0].origin.details?["step"] == 0)
      // Every second one fails but for one whole pair: two of sixteen are left.
      run.tell(0)
      run.tell(0)
      while !run.open.isEmpty {
        run.tell(0, failing: true)
        if !run.open.isEmpty { run.tell(0) }
      }
      #expect((run.tuner.ending != nil) == (turn == 3))
    }
    #expect(run.tuner.ending?.reason == .cancelled)
  }
}
