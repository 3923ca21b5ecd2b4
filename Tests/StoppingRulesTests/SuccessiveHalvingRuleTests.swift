import StoppingRules
import Testing
import TuningModel

@Suite("Asynchronous successive halving")
struct SuccessiveHalvingRuleTests {
  @Test("With n trials at a rung one goes on when fewer than n / factor, rounded down, are better")
  func ranks() throws {
    var bench = try RuleBench("asha")
    let decisions = [5, 6, 4, 4.5, 3, 4, 4.0].enumerated().map { bench.report($0 + 1, 1, $1) }
    // Fewer than 3 trials: all go on. The third is the best of 3; the fourth the second of 4; the fifth the best of 5; of 6
    // two go on, and equal values tie; of 7 still two, of which one is better.
    #expect(decisions == [.continue, .continue, .continue, .stop, .continue, .continue, .continue])
    #expect(bench.report(8, 1, 4.1) == .stop)
  }

  @Test("Rungs grow by the factor from the first, and end below the last step")
  func rungs() throws {
    var bench = try RuleBench("asha", ["reduction_factor": 2, "min_resource": 2, "max_resource": 8])
    func decides(_ step: Int) -> [Decision] {
      (0..<4).map { bench.report(step * 10 + $0, step, Double($0)) }
    }
    #expect(decides(1) == [.continue, .continue, .continue, .continue])
    // Each is compared with what has come so far: best of 1, second of 2, third of 3, fourth of 4.
    #expect(decides(2) == [.continue, .stop, .stop, .stop])
    #expect(decides(4) == [.continue, .stop, .stop, .stop])
    #expect(decides(8) == [.continue, .continue, .continue, .continue])
  }

  @Test("Powers of the factor are exact", arguments: [(3, 243), (10, 1_000), (2, 1 << 52)])
  func powers(factor: Int, end: Int) throws {
    // A rung at max_resource itself would judge the value of a trial that is at its end.
    var bench = try RuleBench("asha", ["reduction_factor": .integer(factor), "max_resource": .integer(end)])
    var step = 1
    while step * factor < end { step *= factor }
    for place in [step, end] {
      for trial in 0..<factor { bench.report(place + 10_000 * trial, place, Double(trial)) }
      #expect(bench.report(9, place, 1e9) == (place == step ? .stop : .continue))
      bench.complete(9)
    }
  }

  @Test("A trial comes to a rung once, with its first measurement at or past it, and to the highest of several")
  func once() throws {
    var bench = try RuleBench("asha")
    for trial in 1...5 { bench.report(trial, 2, Double(trial)) }
    // Came to rung 1, at step 1, with its measurement at step 2.
    #expect(bench.report(9, 1, 3) == .stop)
    #expect(bench.report(1, 2 + 1, 1e9) == .continue, "the first at the next rung")
    #expect(bench.report(2, 10, 2) == .continue)
    #expect(bench.report(2, 11, 1e9) == .continue, "is judged no more before step 27")
    // Trial 2 has passed rung 3, where only trial 1 has been.
    bench.report(6, 3, 5)
    #expect(bench.report(7, 3, 6) == .stop)
  }

  @Test("A higher metric is better where the goal says so")
  func maximise() throws {
    var bench = try RuleBench("asha", goal: .maximise)
    #expect([1, 2, 3, 0].enumerated().map { bench.report($0 + 1, 1, $1) } == [.continue, .continue, .continue, .stop])
  }

  @Test("A value that is not finite ranks worst and is never among the best", arguments: [Double.nan, -.infinity])
  func notFinite(value: Double) throws {
    var bench = try RuleBench("asha")
    #expect((1...4).map { bench.report($0, 1, value) } == [.continue, .continue, .stop, .stop])
    #expect(bench.report(5, 1, 1e300) == .continue)
  }

  @Test("A report without the rule's metric is not judged")
  func otherMetric() throws {
    let bench = try RuleBench("asha", ["reduction_factor": 2])
    var rule = bench.rule
    for trial in 1...5 {
      let report = TrialReport(Measurement(["accuracy": .nan], step: 1), attempt: 1)
      #expect(rule.decision(on: report, of: trial) == .continue)
      rule.observe(TrialEvent(trial, .reported(report)))
    }
    #expect(rule.snapshot == bench.rule.snapshot)
  }

  @Test("An attempt that starts anew takes back what the one before it brought to the rungs")
  func restart() throws {
    var bench = try RuleBench("asha")
    bench.report(1, 1, 0)
    bench.report(1, 3, 0)
    bench.report(2, 1, 5)
    bench.restart(1)
    bench.report(1, 1, 9)
    #expect(bench.report(3, 1, 4) == .continue, "the best of 9, 5 and 4")
    bench.report(4, 3, 7)
    #expect(bench.report(5, 3, 8) == .continue, "only two have come there")
    // An attempt that goes on from a checkpoint keeps what was before it.
    bench.restart(2)
    bench.report(2, 3, 6)
    #expect(bench.report(6, 1, 4.5) == .stop, "the second of four")
  }
}

@Suite("Stopping rules")
struct StoppingRuleTests {
  private static func history(_ name: String) throws -> RuleBench {
    var bench = try RuleBench(name, name == "median" ? ["interval": 2] : [:])
    var random = RandomStream(seed: 5, trial: 1)
    for trial in 1...60 {
      for step in 1...Int.random(in: 1...30, using: &random) {
        let value = step % 11 == 10 ? .nan : Double.random(in: 0...1, using: &random)
        if bench.report(trial, step, value) == .stop { break }
      }
      switch trial % 5 {
      case 0: break
      case 1: bench.observe(trial, .pruned(reason: "stopped", nil))
      case 2:
        bench.restart(trial)
        bench.report(trial, 1, 0.5)
      default: bench.complete(trial)
      }
    }
    return bench
  }

  @Test("The same events give the same decisions and the same state", arguments: ["asha", "median"])
  func fold(name: String) throws {
    let bench = try Self.history(name)
    var again = try RuleBench.make(bench.study)
    for event in bench.events {
      if case .reported(let report) = event.kind {
        #expect(again.decision(on: report, of: event.trial) == report.decision)
      }
      again.observe(event)
    }
    #expect(again.snapshot == bench.rule.snapshot)
    #expect(
      bench.events.contains { if case .reported(let report) = $0.kind { report.decision == .stop } else { false } })
  }

  @Test("A snapshot that has been text gives the same decisions as the fold", arguments: ["asha", "median"])
  func snapshot(name: String) throws {
    let bench = try Self.history(name)
    var middle = try RuleBench.make(bench.study)
    for event in bench.events.prefix(bench.events.count / 2) { middle.observe(event) }
    var restored = try RuleBench.make(bench.study)
    try restored.restore(try JSONValue(text: middle.snapshot.text))
    #expect(restored.snapshot == middle.snapshot)
    for event in bench.events.dropFirst(bench.events.count / 2) {
      if case .reported(let report) = event.kind {
        #expect(restored.decision(on: report, of: event.trial) == report.decision)
      }
      restored.observe(event)
    }
    #expect(restored.snapshot == bench.rule.snapshot)
  }

  @Test("A snapshot of another form is refused", arguments: ["asha", "median"])
  func otherSnapshot(name: String) throws {
    let study = try RuleBench.study(name)
    for text in ["null", "{}", #"{"version": 7}"#, #"{"version": 1, "rungs": [[1]], "records": [], "means": 3}"#] {
      var rule = try RuleBench.make(study)
      #expect(throws: InvalidInput.self, "\(text)") { try rule.restore(try JSONValue(text: text)) }
    }
  }

  @Test("What a rule cannot honour is refused with a pointer to it")
  func refusals() throws {
    func pointers(_ study: StudyDefinition) -> [String] {
      do throws(TunerError) {
        _ = try RuleBench.catalog.stoppingRule(for: study)
      } catch {
        if case .unsupported(let mistakes) = error { return mistakes.map(\.pointer) }
      }
      return []
    }
    let two = [Objective("loss", .minimise), Objective("time", .minimise)]
    #expect(pointers(try RuleBench.study("asha")) == [])
    #expect(pointers(try RuleBench.study("nothing")) == ["/stopping/name"])
    #expect(pointers(try RuleBench.study("asha", metric: "accuracy")) == ["/stopping/metric"])
    #expect(pointers(try RuleBench.study("median", objectives: two)) == ["/stopping/metric"])
    #expect(pointers(try RuleBench.study("median", metric: "time", objectives: two)) == [])
    #expect(
      pointers(try RuleBench.study("asha", ["reduction_factor": 1, "min_resource": 0, "grace": 3]))
        == ["/stopping/grace", "/stopping/min_resource", "/stopping/reduction_factor"])
    #expect(
      pointers(try RuleBench.study("asha", ["min_resource": 9, "max_resource": 9])) == ["/stopping/max_resource"])
    #expect(
      pointers(try RuleBench.study("median", ["min_trials": 0, "warmup_steps": -1, "interval": 0.5]))
        == ["/stopping/interval", "/stopping/min_trials", "/stopping/warmup_steps"])
  }

  @Test("Every option has a default that it takes itself, or leaves open", arguments: RuleBench.catalog.stoppingRules)
  func defaults(description: TunerDescription) throws {
    var options = Dictionary(uniqueKeysWithValues: description.options.map { ($0.name, $0.defaultValue) })
    options = options.filter { $0.value != .null }
    #expect(try RuleBench.catalog.stoppingRule(for: RuleBench.study(description.name, options)) != nil)
  }
}
