import Bilevel
import Testing
import TuningModel

@Suite("Oracles that fail")
struct FailureTests {
  @Test(
    "A failure is asked for once more before anything else",
    arguments: ["maid", "hoag", "f2sa", "bda", "hypergradient", "self_tuning"])
  func repetition(name: String) throws {
    var run = try OracleCourseRun(vectorStudy(name))
    try run.ask()
    let first = try #require(run.open.first?.suggestion)
    run.tell(failing: true)
    try run.ask()
    let second = try #require(run.open.first?.suggestion)
    #expect(second.parameters == first.parameters)
    #expect(second.request == first.request)
    run.tell()
    try run.ask()
    #expect(run.tuner.ending == nil && !run.open.isEmpty)
  }

  @Test("Where it fails again, the method goes half of its last step back", arguments: ["hoag", "f2sa", "bda"])
  func halving(name: String) throws {
    var run = try OracleCourseRun(vectorStudy(name))
    try run.ask()
    let start = OracleCourseRun.theta(try #require(run.open.first?.suggestion))
    run.tell()
    try run.ask()
    let reached = OracleCourseRun.theta(try #require(run.open.first?.suggestion))
    run.tell(failing: true)
    try run.ask()
    run.tell(failing: true)
    try run.ask()
    let back = OracleCourseRun.theta(try #require(run.open.first?.suggestion))
    #expect(back != reached)
    for (half, (a, b)) in zip(back, zip(start, reached)) { #expect(abs(half - (a + b) / 2) < 1e-12) }
  }

  @Test("L-BFGS takes a shorter step where it fails again")
  func shorterStep() throws {
    var run = try OracleCourseRun(vectorStudy("hypergradient"))
    try run.ask()
    let start = OracleCourseRun.theta(try #require(run.open.first?.suggestion))
    run.tell()
    try run.ask()
    let reached = OracleCourseRun.theta(try #require(run.open.first?.suggestion))
    run.tell(failing: true)
    try run.ask()
    run.tell(failing: true)
    try run.ask()
    let back = OracleCourseRun.theta(try #require(run.open.first?.suggestion))
    for (short, (a, b)) in zip(back, zip(start, reached)) { #expect(abs(short - a) <= 0.26 * abs(b - a)) }
    run.tell()
    try run.finish()
    #expect(run.tuner.ending?.reason != .cancelled)
  }

  @Test(
    "An oracle that never answers ends every method",
    arguments: ["maid", "hoag", "f2sa", "bda", "pes", "hypergradient", "self_tuning"])
  func silence(name: String) throws {
    var run = try OracleCourseRun(vectorStudy(name))
    while try run.ask() != nil, run.next < 200 { run.tell(failing: true) }
    #expect(run.tuner.ending?.reason == .cancelled)
  }

  @Test(
    "An oracle that falls silent later ends every method too",
    arguments: ["maid", "hoag", "f2sa", "bda", "es_single", "hypergradient", "self_tuning"])
  func laterSilence(name: String) throws {
    var run = try OracleCourseRun(vectorStudy(name))
    while run.next < 20_000, try run.ask() != nil { run.tell(failing: run.next > 25) }
    #expect(run.tuner.ending != nil)
    #expect(run.next < 20_000)
  }

  @Test("Results of trials that a user added teach nothing")
  func enqueued() throws {
    var run = try OracleCourseRun(vectorStudy("maid"))
    let before = run.tuner.snapshot
    let suggestion = Suggestion(["theta": .vector([0, 0, 0])], origin: SuggestionOrigin(tuner: "user"))
    run.observe(TrialEvent(1, .enqueued(suggestion)))
    run.observe(TrialEvent(1, .started(suggestion, worker: nil, attempt: 1)))
    run.observe(TrialEvent(1, .completed(Measurement(["loss": 1]))))
    #expect(run.tuner.snapshot == before)
  }
}
