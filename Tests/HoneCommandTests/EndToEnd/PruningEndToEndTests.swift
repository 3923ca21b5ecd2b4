import Foundation
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(2)))
struct PruningEndToEndTests {
  /// A study whose rule stops at step 1 whatever is worse than all before.
  private static func study(maxTrials: Int) -> String {
    #"""
    {"name": "s", "parameters": [{"name": "x", "type": "float", "low": 0, "high": 1}],
     "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": {"name": "random", "seed": 1},
     "stopping": {"name": "asha", "reduction_factor": 2}, "budget": {"max_trials": \#(maxTrials)}}
    """#
  }

  /// Reports the trial's number at step 1; the first goes on to its end, the others would go on for ten minutes.
  private static func script(_ report: String, then rest: String = "sleep 600 & wait") -> String {
    #"\#(report); [ "$1" = 1 ] && { echo 'hone: {"loss": 0.25}'; exit 0; }; \#(rest)"#
  }

  private static let onOutput = #"echo "hone: {\"step\": 1, \"loss\": $1}""#
  private static let inFile = #"echo "{\"step\": 1, \"loss\": $1}" >> "$HONE_RESULT""#

  @Test(
    "Intermediate lines are reported as they come, and a trial that is to stop is ended and pruned",
    arguments: [onOutput, inFile])
  func prunes(report: String) async throws {
    let bench = try Workbench()
    try await bench.create(Self.study(maxTrials: 3))
    let ending = try await bench.evaluate(Self.script(report), ["--json"], arguments: ["{trial}"]).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    let summary = try JSONValue(text: ending.output)
    #expect(summary["completed"] == 1 && summary["pruned"] == 2 && summary["failed"] == 0)
    let trials = try await bench.trials()
    #expect(trials.states == ["completed", "pruned", "pruned"])
    #expect(trials.map { $0["metrics"]?["loss"] } == [0.25, 2, 3])
    #expect(trials.map { $0["reason"] } == [nil, "stopped", "stopped"])
    #expect(trials.allSatisfy { $0["measurements"] == nil })
    let first = try await bench.json("trial", "show", "s", "1")
    #expect(first["measurements"] == [["step": 1, "metrics": ["loss": 1]]])
    let listed = try await bench.json("trial", "list", "s", "--measurements")["trials"]
    guard case .array(let all)? = listed else { return #expect(Bool(false)) }
    #expect(all.allSatisfy { $0["measurements"] != nil })
  }

  @Test("A program that ignores SIGTERM is killed after its grace, with its children")
  func grace() async throws {
    let bench = try Workbench()
    try await bench.create(Self.study(maxTrials: 2))
    let script = Self.script(
      "trap '' TERM; " + Self.onOutput, then: "sleep 600 & echo $$ $! > pids; while :; do wait; done")
    let ending = try await bench.evaluate(script, ["--grace-seconds", "0.2"], arguments: ["{trial}"]).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(try await bench.trials().states == ["completed", "pruned"])
    let pids = try String(contentsOfFile: bench.path("pids"), encoding: .utf8).split(whereSeparator: \.isWhitespace)
    #expect(pids.count == 2)
    for pid in pids { #expect(await RunEndToEndTests.ends(try #require(Int32(pid)))) }
  }

  @Test("A program's last words when it is stopped are kept as the pruned trial's metrics")
  func lastWords() async throws {
    let bench = try Workbench()
    try await bench.create(Self.study(maxTrials: 2))
    // Before the report, whose answer may be the signal.
    let words = #"trap 'echo "hone: {\"loss\": 7}"; exit 0' TERM; "# + Self.onOutput
    let script = Self.script(words, then: "while :; do sleep 0.1; done")
    let ending = try await bench.evaluate(script, arguments: ["{trial}"]).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    let trials = try await bench.trials()
    #expect(trials.states == ["completed", "pruned"])
    #expect(trials.last?["metrics"] == ["loss": 7])
  }

  @Test("Intermediate values alone are no result, and the reason says so")
  func noFinalMetrics() async throws {
    let bench = try Workbench()
    try await bench.create(Self.study(maxTrials: 1))
    _ = try await bench.evaluate(Self.onOutput, arguments: ["{trial}"]).ending()
    let trial = try await bench.trials().first
    #expect(trial?["state"] == "failed")
    guard case .string(let reason)? = trial?["reason"] else { return #expect(Bool(false)) }
    #expect(reason.contains("without"))
  }

  @Test("A run goes on where one was killed: steps that were reported before are taken as they were, or noted")
  func again() async throws {
    let bench = try Workbench()
    try await bench.create(Self.study(maxTrials: 1))
    let first = try bench.evaluate(
      "\(Self.onOutput); echo up; echo $$ > pid; sleep 600", ["-v", "--worker", "w"], arguments: ["{trial}"])
    #expect(await first.errors.shows("up"))
    // The report is on its way before the line after it is shown, and may still be.
    first.send(SIGKILL)
    _ = await first.ending()
    let pid = try String(contentsOfFile: bench.path("pid"), encoding: .utf8)
    Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)).map { _ = kill(-$0, SIGKILL) }
    let reported = try await bench.json("trial", "show", "s", "1")["measurements"] != nil
    let script = #"echo 'hone: {"step": 1, "loss": 9}'; echo 'hone: {"step": 2, "loss": 8}'; echo 'hone: {"loss": 5}'"#
    let ending = try await bench.evaluate(script, ["--worker", "w"]).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.errors.contains("was not taken") == reported)
    let trial = try await bench.json("trial", "show", "s", "1")
    #expect(trial["state"] == "completed" && trial["metrics"] == ["loss": 5])
    guard case .array(let measurements)? = trial["measurements"] else { return #expect(Bool(false)) }
    #expect(measurements.map { $0["step"] } == [1, 2])
    #expect(measurements.first?["metrics"]?["loss"] == (reported ? 1 : 9))
  }

  @Test("hone report says by its exit status what is to become of a trial")
  func report() async throws {
    let bench = try Workbench()
    try await bench.create(Self.study(maxTrials: 2))
    let asked = try await bench.json("ask", "s", "--count", "2")
    guard case .array(let trials)? = asked["trials"] else { return #expect(Bool(false)) }
    func report(_ index: Int, _ step: String, _ loss: String) async throws -> RunningCommand.Ending {
      guard case .string(let token)? = trials[index]["lease"]?["token"] else { throw CancellationError() }
      return try await RunningCommand.run(
        "report", "s", "\(index + 1)", "loss=\(loss)", "--step", step, "--lease-token", token, "--db", bench.database)
    }
    let go = try await report(0, "1", "1")
    #expect(go.status == 0 && go.output == "continue\n")
    let stop = try await report(1, "1", "nan")
    #expect(stop.status == 11 && stop.output == "stop\n")
    #expect(try await report(0, "1", "2").status == 4)
    #expect(try await report(0, "0", "2").status == 2)
    let told = try await bench.json("tell", "s", "2", "--pruned")
    #expect(told["state"] == "pruned" && told["metrics"]?["loss"] == "NaN")
    let shown = try await RunningCommand.run("trial", "show", "s", "1", "--db", bench.database)
    #expect(shown.output.contains("step 1  loss=1"))
  }
}
