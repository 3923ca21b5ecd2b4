import Bilevel
import TestSupport
import Testing
import TuningModel

@Suite("Adaptive inexact descent")
struct MAIDTests {
  private let problem = QuadraticBilevel()

  private let certified: [String: JSONValue] = ["stop": "certified", "tolerance": 1e-5, "floor": 1e-13]

  private func error(_ theta: [Double]) -> Double {
    zip(theta, problem.minimiser).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  // A gradient of 1e-5 is at most 2e-4 from the minimum, since the curvature is at least 0.05.
  @Test(
    "It finds the minimum of a quadratic problem to 2e-4, certified",
    arguments: [
      [:], ["barzilai_borwein": false], ["fuse_gradient": true], ["parallel": 3], ["eps": 10],
      ["shrink_accuracy": 0.25, "grow_accuracy": 1.25],
    ] as [[String: JSONValue]])
  func convergence(options: [String: JSONValue]) throws {
    var run = try OracleCourseRun(
      vectorStudy("maid", constants(problem).merging(options) { $1 }.merging(certified) { $1 }))
    try run.finish()
    #expect(run.tuner.ending?.reason == .stationary)
    let last = try #require(run.gradients.last)
    #expect(error(OracleCourseRun.theta(last)) < 2e-4)
  }

  @Test("With constants too loose to be of use the test is left out, and the way is called monotone")
  func looseConstants() throws {
    let loose: [String: JSONValue] = ["J_norm": 1e9, "certify": "off"]
    var run = try OracleCourseRun(vectorStudy("maid", constants(problem).merging(loose) { $1 }))
    try run.finish()
    #expect(run.tuner.ending?.reason == .stationary)
    #expect(run.tuner.incumbent?.interval.certification == .monotone)
    var tested = try OracleCourseRun(vectorStudy("maid", constants(problem).merging(["J_norm": 1e9]) { $1 }))
    try tested.finish()
    #expect(tested.tuner.ending?.reason == .accuracyFloor)
  }

  @Test("Without constants it is called heuristic and still finds the minimum to 1e-3")
  func heuristic() throws {
    var run = try OracleCourseRun(vectorStudy("maid"))
    try run.finish()
    let incumbent = try #require(run.tuner.incumbent)
    #expect(incumbent.interval.certification == .heuristic)
    #expect(error(OracleCourseRun.theta(try #require(run.gradients.last))) < 1e-3)
  }

  @Test("The true objective falls with every step, and the error's bound holds")
  func trueDescent() throws {
    let declared = constants(problem)
    var run = try OracleCourseRun(vectorStudy("maid", declared))
    try run.finish()
    var values: [Double] = []
    var errorsExceeded = 0
    for event in run.log {
      guard case .completed(let told) = event.kind, let answer = told.oracle, let z = answer.z,
        let suggestion = run.log.first(where: {
          if case .started = $0.kind { $0.trial == event.trial } else { false }
        }), case .started(let asked, _, _) = suggestion.kind
      else { continue }
      let theta = OracleCourseRun.theta(asked)
      let value = problem.value(theta)
      if value != values.last { values.append(value) }
      let truth = problem.gradient(theta)
      let missed = zip(z, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      let omega = problem.couplingNorm / problem.mu * ((answer.epsHat ?? 0) + (answer.deltaHat ?? 0))
      if missed > omega * (1 + 1e-12) { errorsExceeded += 1 }
      let request = try #require(asked.request)
      let interval = try #require(run.tuner.interval(of: answer, to: request))
      #expect(interval.low <= value + 1e-12 && value <= interval.up + 1e-12)
      #expect(interval.certification == .certified)
    }
    #expect(values.count > 3)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 > $1 })
    #expect(errorsExceeded == 0)
  }

  @Test("An honest error that stays as it is ends at the floor of accuracy, never as stationary")
  func honestError() throws {
    for stop in ["step", "certified"] as [JSONValue] {
      let oracle = QuadraticOracle(problem, constantError: [0.05, -0.03, 0.02])
      var run = try OracleCourseRun(vectorStudy("maid", ["L_g": 1, "mu": 1, "g_convex": true, "stop": stop]), oracle)
      try run.finish()
      #expect(run.tuner.ending?.reason == .accuracyFloor)
    }
  }

  @Test("The order in which a line is told decides nothing", arguments: 1...6 as ClosedRange<UInt64>)
  func arrivalOrder(seed: UInt64) throws {
    let options = constants(problem).merging(["parallel": 4, "alpha": 40, "barzilai_borwein": false, "tries": 6]) { $1 }
    var ordered = try OracleCourseRun(vectorStudy("maid", options))
    try ordered.finish()
    var shuffled = try OracleCourseRun(vectorStudy("maid", options))
    var random = SplitMix64(seed: seed)
    var isOver = false
    while !isOver || !shuffled.open.isEmpty {
      let asked = isOver ? [] : try shuffled.ask(Int.random(in: 1...4, using: &random))
      if asked == nil { isOver = true }
      for _ in 0..<Int.random(in: 0...2, using: &random) where !shuffled.open.isEmpty {
        shuffled.tell(Int.random(in: shuffled.open.indices, using: &random))
      }
      if asked == [], !shuffled.open.isEmpty { shuffled.tell(Int.random(in: shuffled.open.indices, using: &random)) }
    }
    #expect(shuffled.gradients.map(\.parameters) == ordered.gradients.map(\.parameters))
    #expect(shuffled.gradients.map(\.request?.eps) == ordered.gradients.map(\.request?.eps))
    #expect(shuffled.tuner.ending == ordered.tuner.ending)
  }

  @Test("A tried step that fails counts as one that gains nothing")
  func failedTry() throws {
    var run = try OracleCourseRun(vectorStudy("maid", constants(problem)))
    try run.ask()
    run.tell()
    try run.ask()
    let first = try #require(run.open.first?.suggestion)
    run.tell(failing: true)
    try run.ask()
    let second = try #require(run.open.first?.suggestion)
    #expect(second.request?.kind == .value)
    #expect(second.origin.details?["try"] == 1)
    #expect(first.origin.details?["alpha"] != second.origin.details?["alpha"])
    try run.finish()
    #expect(run.tuner.ending?.reason == .stationary)
  }

  @Test("A gradient that fails is asked for once more; then half the last step is tried")
  func failedGradient() throws {
    var run = try OracleCourseRun(vectorStudy("maid", constants(problem)))
    var start: [Double] = []
    while run.tuner.ending == nil {
      try run.ask()
      let suggestion = try #require(run.open.first?.suggestion)
      if suggestion.origin.details?["step"] == 0, suggestion.request?.kind == .hypergradient {
        start = OracleCourseRun.theta(suggestion)
      }
      if suggestion.origin.details?["step"] == 1 { break }
      run.tell()
    }
    let reached = OracleCourseRun.theta(try #require(run.open.first?.suggestion))
    run.tell(failing: true)
    try run.ask()
    #expect(OracleCourseRun.theta(try #require(run.open.first?.suggestion)) == reached)
    run.tell(failing: true)
    try run.ask()
    let back = try #require(run.open.first?.suggestion)
    #expect(back.request?.kind == .value)
    for (half, (a, b)) in zip(OracleCourseRun.theta(back), zip(start, reached)) {
      #expect(abs(half - (a + b) / 2) < 1e-12)
    }
    run.tell()
    try run.finish()
    #expect(run.tuner.ending?.reason == .stationary)
  }

  @Test("A start whose gradient fails twice ends the method")
  func failedStart() throws {
    var run = try OracleCourseRun(vectorStudy("maid"))
    try run.ask()
    run.tell(failing: true)
    try run.ask()
    run.tell(failing: true)
    #expect(run.tuner.ending?.reason == .cancelled)
    #expect(try run.ask() == nil)
  }

  @Test("While a gradient is awaited there is nothing else to do")
  func waiting() throws {
    var run = try OracleCourseRun(vectorStudy("maid"))
    #expect(try run.ask(4) == [1])
    #expect(try run.ask(4) == [])
    let tuner = run.tuner
    #expect(throws: TunerError.self) { try tuner.suggest(2..<3, seed: 1) }
  }

  @Test("A snapshot with a number of tries that no descent comes to is refused")
  func damagedSnapshot() throws {
    let run = try OracleCourseRun(vectorStudy("maid"))
    for tries in [-3, 0, 1e12] as [JSONValue] {
      guard case .object(var fields) = run.tuner.snapshot, case .object(var state)? = fields["state"] else {
        return #expect(Bool(false), "no state")
      }
      state["tries"] = tries
      fields["state"] = .object(state)
      var tuner = try makeTuner(run.study)
      #expect(throws: InvalidInput.self) { try tuner.restore(.object(fields)) }
    }
  }

  @Test("A budget of steps or of inner iterations ends it")
  func budgets() throws {
    for options in [["max_steps": 2], ["max_inner": 35]] as [[String: JSONValue]] {
      var run = try OracleCourseRun(vectorStudy("maid", constants(problem).merging(options) { $1 }))
      try run.finish()
      #expect(run.tuner.ending?.reason == .budget)
    }
  }

  @Test("Bounds are kept, and the minimum on the box is found to 1e-4")
  func box() throws {
    var run = try OracleCourseRun(
      vectorStudy("maid", constants(problem).merging(certified) { $1 }, low: 0.1, high: 1.5))
    try run.finish()
    #expect(run.tuner.ending?.reason == .stationary)
    let theta = OracleCourseRun.theta(try #require(run.gradients.last))
    let z = problem.gradient(theta)
    for (value, slope) in zip(theta, z) {
      let moved = min(max(value - slope, 0.1), 1.5)
      #expect(abs(moved - value) < 1e-4)
    }
    #expect(zip(theta, z).contains { abs($1) > 1e-2 && ($0 == 0.1 || $0 == 1.5) })
  }

  @Test("A gradient that was corrected is asked for again")
  func revision() throws {
    var run = try OracleCourseRun(vectorStudy("maid", constants(problem)))
    try run.ask()
    run.tell()
    try run.ask()
    run.observe(TrialEvent(1, .excluded))
    try run.ask()
    let suggestion = try #require(run.open.last?.suggestion)
    #expect(suggestion.request?.kind == .hypergradient)
    #expect(run.tuner.incumbent == nil)
  }

  @Test("At the finest accuracy shorter steps are tried before a descent is given up")
  func shorterSteps() throws {
    let options: [String: JSONValue] = [
      "eps": 1e-9, "floor": 1e-9, "alpha": 1e3, "tries": 1, "barzilai_borwein": false, "grow_accuracy": 1,
    ]
    var run = try OracleCourseRun(vectorStudy("maid", constants(problem).merging(options) { $1 }))
    try run.finish()
    #expect(run.tuner.ending?.reason == .stationary)
    #expect(run.gradients.count > 2)
  }
}
