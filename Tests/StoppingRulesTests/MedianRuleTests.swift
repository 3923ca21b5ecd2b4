import StoppingRules
import Testing
import TuningModel

@Suite("The median rule")
struct MedianRuleTests {
  private func bench(_ options: [String: JSONValue] = [:], goal: Goal = .minimise) throws -> RuleBench {
    var bench = try RuleBench("median", ["min_trials": 3].merging(options) { $1 }, goal: goal)
    let sign = goal == .minimise ? 1.0 : -1.0
    // Running means at step 2: 1.5, 2.5, 3.5.
    for (trial, first) in [(1, 1.0), (2, 2.0), (3, 3.0)] { bench.run(trial, [sign * first, sign * (first + 1)]) }
    return bench
  }

  @Test("A trial stops when its best value is worse than the median of the running means", arguments: Goal.allCases)
  func bar(goal: Goal) throws {
    let sign = goal == .minimise ? 1.0 : -1.0
    var bench = try bench(goal: goal)
    bench.report(7, 1, sign * 2)
    bench.report(8, 1, sign * 2)
    #expect(bench.report(7, 2, sign * 2.51) == .continue, "its best is that of step 1")
    #expect(bench.report(9, 2, sign * 2.5) == .continue, "equal to the median is not worse")
    #expect(bench.report(10, 2, sign * 2.51) == .stop)
    #expect(bench.report(8, 2, sign * 100) == .continue)
  }

  @Test("Nothing stops before enough trials have ended at the step")
  func quorum() throws {
    var bench = try bench(["min_trials": 4])
    #expect(bench.report(9, 1, 100) == .continue)
    bench.run(4, [1])
    #expect(bench.report(10, 1, 100) == .stop)
    #expect(bench.report(10, 2, 100) == .continue, "only three have come to step 2")
    // A trial under way is no bar, and one that failed is none either.
    bench.report(11, 2, 1)
    bench.report(12, 2, 1)
    bench.observe(12, .failed(reason: "x"))
    #expect(bench.report(13, 2, 100) == .continue)
    bench.observe(11, .pruned(reason: "stopped", nil))
    #expect(bench.report(14, 2, 100) == .stop)
  }

  @Test("What is measured during the warm-up neither counts nor stops")
  func warmup() throws {
    var bench = try RuleBench("median", ["min_trials": 1, "warmup_steps": 2])
    bench.run(1, [1_000, 4, 2])
    #expect(bench.report(2, 1, 1e9) == .continue)
    #expect(bench.report(3, 3, 3.1) == .stop, "the mean of 4 and 2")
    bench.report(4, 1, 0)
    #expect(bench.report(4, 3, 3.1) == .stop, "its best value was in the warm-up")
    #expect(bench.report(5, 3, 3) == .continue)
  }

  @Test("A trial is judged once in each stretch, at its first measurement in it")
  func interval() throws {
    var bench = try RuleBench("median", ["min_trials": 1, "interval": 10])
    bench.report(1, 3, 1)
    bench.report(1, 12, 1)
    bench.complete(1)
    #expect(bench.report(2, 1, 1) == .continue)
    #expect(bench.report(2, 9, 50) == .continue, "was judged in this stretch")
    #expect(bench.report(3, 9, 50) == .stop)
    #expect(bench.report(3, 15, 50) == .stop)
    #expect(bench.report(4, 25, 50) == .continue, "nobody has come there")
  }

  @Test("A value that is not finite ranks worst", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) throws {
    var bench = try bench()
    bench.report(7, 1, 1)
    #expect(bench.report(7, 2, value) == .stop, "though its best is good")
    var other = try RuleBench("median", ["min_trials": 1])
    other.run(1, [value])
    #expect(other.report(2, 1, 1e300) == .continue)
    #expect(other.report(3, 1, value) == .continue, "not worse than the worst")
  }

  @Test("An attempt that starts anew replaces what the one before it measured")
  func restart() throws {
    var bench = try RuleBench("median", ["min_trials": 1])
    bench.report(1, 1, 100)
    bench.report(1, 2, 100)
    bench.restart(1)
    bench.report(1, 1, 1)
    bench.complete(1)
    #expect(bench.report(2, 1, 1.5) == .stop, "the mean at step 1 is 1")
    #expect(bench.report(3, 2, 1e6) == .continue, "step 2 was of the attempt before")
  }

  @Test("Of very many trials the newest thousand are the bar")
  func window() throws {
    var bench = try RuleBench("median")
    for trial in 1...1_000 { bench.run(trial, [1]) }
    #expect(bench.report(5_000, 1, 2) == .stop)
    for trial in 1_001...1_502 { bench.run(trial, [10]) }
    #expect(bench.report(5_001, 1, 2) == .continue)
  }
}
