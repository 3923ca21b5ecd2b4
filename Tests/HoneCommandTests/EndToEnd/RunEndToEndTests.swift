import Foundation
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(2)))
struct RunEndToEndTests {
  private static let square = #"echo "hone: {\"loss\": $1}""#

  @Test("A run evaluates exactly the study's budget and ends with a summary")
  func budget() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 7))
    let ending = try await bench.evaluate(Self.square, ["--parallel", "3", "--json"]).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    let summary = try JSONValue(text: ending.output)
    #expect(summary["completed"] == 7)
    #expect(summary["ended"] == "finished")
    let trials = try await bench.trials()
    #expect(trials.states == Array(repeating: "completed", count: 7))
    for trial in trials { #expect(trial["metrics"]?["loss"] == trial["parameters"]?["x"]) }
    let losses = trials.compactMap { if case .number(let loss)? = $0["metrics"]?["loss"] { loss } else { nil } }
    #expect(summary["best"]?["metrics"]?["loss"] == losses.min().map(JSONValue.number))
  }

  @Test("--max-trials bounds this run, and the next one goes on")
  func maxTrials() async throws {
    let bench = try Workbench()
    try await bench.create()
    for (more, total) in [(3, 3), (2, 5)] {
      let ending = try await bench.evaluate(Self.square, ["--parallel", "2", "--max-trials", "\(more)"]).ending()
      #expect(ending.status == 0, "\(ending.errors)")
      #expect(try await bench.trials().count == total)
    }
  }

  @Test("Parallel slots never evaluate the same trial at the same time")
  func exclusion() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 24))
    // mkdir is atomic: a second evaluation of the same trial fails.
    let script = #"mkdir "seen-$2" && echo "hone: {\"loss\": $1}""#
    let ending = try await bench.evaluate(script, ["--parallel", "6"], arguments: ["{x}", "{trial}"]).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(try await bench.trials().states == Array(repeating: "completed", count: 24))
  }

  @Test("A failing program's trial is failed with its exit status and the last lines of its standard error")
  func failure() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 1))
    let script = "for i in $(seq 5000); do echo line $i >&2; done; echo 'ValueError: bad' >&2; exit 3"
    let ending = try await bench.evaluate(script).ending()
    #expect(ending.status == 1)
    guard case .string(let reason)? = try await bench.trials().first?["reason"] else {
      Issue.record("no reason")
      return
    }
    #expect(reason.hasPrefix("exit status 3\n"))
    #expect(reason.contains("line 5000\n"))
    #expect(reason.hasSuffix("ValueError: bad"))
    #expect(!reason.contains("line 10\n"))
    #expect(reason.utf8.count < 4_096)
  }

  @Test("A program that reports nothing, is killed or is missing fails its trial")
  func otherFailures() async throws {
    let bench = try Workbench()
    try await bench.create()
    _ = try await bench.evaluate("exit 0", ["--max-trials", "1"]).ending()
    _ = try await bench.evaluate("kill -9 $$", ["--max-trials", "1"]).ending()
    let missing = try await RunningCommand.run(
      "run", "s", "--db", bench.database, "--", "./no-such-program", environment: ["TMPDIR": bench.folder.path])
    #expect(missing.status == 1)
    #expect(missing.errors.contains("could not be started"))
    let reasons = try await bench.trials().compactMap { trial -> String? in
      guard case .string(let reason)? = trial["reason"] else { return nil }
      return reason
    }
    #expect(reasons.count == 3)
    #expect(reasons.first?.contains("no metrics") == true)
    #expect(reasons.dropFirst().first?.contains("signal 9") == true)
    #expect(reasons.last?.contains("could not be started") == true)
  }

  @Test("Exit status 75 gives the trial back, and it is evaluated again")
  func giveBack() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 2))
    let script = #"mkdir "tried-$2" 2>/dev/null && exit 75; echo "hone: {\"loss\": $1}""#
    let ending = try await bench.evaluate(script, ["--json"], arguments: ["{x}", "{trial}"]).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    let summary = try JSONValue(text: ending.output)
    #expect(summary["given_back"] == 2)
    #expect(summary["completed"] == 2)
    #expect(try await bench.trials().allSatisfy { $0["attempt"] == 2 })
  }

  @Test("A program that takes longer than the study allows is ended, and its trial fails for that reason")
  func timeout() async throws {
    let bench = try Workbench()
    try await bench.create(
      #"""
      {"name": "s", "parameters": [{"name": "x", "type": "float", "low": 0, "high": 1}],
       "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": {"name": "random"},
       "budget": {"max_trials": 1, "trial_timeout_seconds": 1, "max_retries": 0}}
      """#)
    let ending = try await bench.evaluate("echo $$ > pid; exec sleep 600").ending()
    let trials = try await bench.trials()
    #expect(trials.states == ["failed"], "\(ending.errors)")
    #expect(trials.first?["reason"] == "timeout")
    let text = try String(contentsOfFile: bench.path("pid"), encoding: .utf8)
    let program = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(program, 0) == -1)
  }

  @Test("A program may print without end; what it reports afterwards counts")
  func hugeOutput() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 1))
    let flood = "head -c 50000000 /dev/zero; yes | head -c 50000000; echo; head -c 50000000 /dev/zero >&2"
    let script = "\(flood); \(Self.square)"
    let ending = try await bench.evaluate(script).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(try await bench.trials().states == ["completed"])
  }

  @Test("Parameters reach the program by argument, file and environment, and results come back by file")
  func environment() async throws {
    let bench = try Workbench()
    try await bench.create(
      Workbench.study(
        maxTrials: 1,
        extra: #", {"name": "kind", "type": "categorical", "choices": ["a $(touch hacked)", "b; touch hacked"]}"#))
    let script = #"""
      [ "$HONE_PARAMS" = "$(cat "$1")" ] && [ "$HONE_TRIAL" = 1 ] && [ "$HONE_STUDY" = s ] || exit 4
      [ "$2" = "a \$(touch hacked)" ] || [ "$2" = "b; touch hacked" ] || exit 5
      [ -z "$(cat)" ] || exit 6
      echo '{"loss": 3}' >> "$HONE_RESULT"
      echo 'hone: {"loss": 9, "time": 2}'
      echo '{"loss": 4}' >> "$HONE_RESULT"
      """#
    let ending = try await bench.evaluate(script, arguments: ["{params_file}", "{kind}"]).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(try await bench.trials().first?["metrics"] == ["loss": 4, "time": 2])
    #expect(!FileManager.default.fileExists(atPath: bench.path("hacked")))
  }

  @Test("NaN fails a trial and an infinity makes it infeasible")
  func notFinite() async throws {
    let bench = try Workbench()
    try await bench.create()
    _ = try await bench.evaluate(#"echo 'hone: {"loss": NaN}'"#, ["--max-trials", "1"]).ending()
    _ = try await bench.evaluate(#"echo 'hone: {"loss": Infinity}'"#, ["--max-trials", "1"]).ending()
    #expect(try await bench.trials().states == ["failed", "infeasible"])
  }

  @Test("An unknown placeholder is refused before anything starts")
  func unknownPlaceholder() async throws {
    let bench = try Workbench()
    try await bench.create()
    let ending = try await bench.evaluate(Self.square, arguments: ["{y}"]).ending()
    #expect(ending.status == 2)
    #expect(ending.errors.contains("{y}") && ending.errors.contains("{x}"))
    #expect(try await bench.trials().isEmpty)
  }

  @Test("Processes that a program leaves behind end with it")
  func leftovers() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 1))
    // The child holds the output open and writes without end.
    let script = #"(echo up > child; exec yes) & while [ ! -s child ]; do :; done; \#(Self.square)"#
    let ending = try await bench.evaluate(script).ending()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(try await bench.trials().states == ["completed"])
  }

  @Test("At Ctrl-C programs are stopped and their trials given back; the next run evaluates them")
  func interrupt() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 2))
    let run = try bench.evaluate(
      "echo up $2; sleep 600 & wait", ["--parallel", "2", "-v"], arguments: ["{x}", "{trial}"])
    #expect(await run.errors.shows("up 1"))
    #expect(await run.errors.shows("up 2"))
    run.send(SIGINT)
    let ending = await run.ending()
    #expect(ending.status == 130)
    #expect(!ending.wasKilled)
    #expect(try await bench.trials().states == ["waiting", "waiting"])
    #expect(try await bench.evaluate(Self.square).ending().status == 0)
    #expect(try await bench.trials().states == ["completed", "completed"])
  }

  @Test("A program that ignores SIGTERM is killed after its grace, with its children")
  func grace() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 1))
    let script = "trap '' TERM; echo up; while :; do sleep 600; done"
    let run = try bench.evaluate(script, ["-v", "--grace-seconds", "0.2"])
    #expect(await run.errors.shows("up"))
    run.send(SIGTERM)
    #expect(await run.ending().status == 143)
    #expect(try await bench.trials().states == ["waiting"])
  }

  @Test("The second Ctrl-C ends everything at once")
  func secondInterrupt() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 1))
    let run = try bench.evaluate(
      "trap '' TERM; echo $$ > pid; echo up; while :; do sleep 600; done", ["-v", "--grace-seconds", "600"])
    #expect(await run.errors.shows("up"))
    run.send(SIGINT)
    #expect(await run.errors.shows("stopping"))
    run.send(SIGINT)
    #expect(await run.ending().status == 130)
    let pid = try String(contentsOfFile: bench.path("pid"), encoding: .utf8)
    let leader = try #require(Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(await Self.ends(leader))
  }

  @Test("What a program reports during its grace counts")
  func lastWords() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 1))
    let run = try bench.evaluate(
      #"trap 'echo "hone: {\"loss\": 0.5}"; exit 0' TERM; echo up; while :; do sleep 0.1; done"#, ["-v"])
    #expect(await run.errors.shows("up"))
    run.send(SIGINT)
    _ = await run.ending()
    #expect(try await bench.trials().states == ["completed"])
  }

  @Test("A metric whose name no study can have does not spoil the result")
  func foreignMetric() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 1))
    let ending = try await bench.evaluate(#"echo 'hone: {"loss": 0.5, "val/acc": 0.9}'"#, []).ending()
    #expect(ending.status == 0)
    #expect(try await bench.trials().states == ["completed"])
  }

  /// Whether a process has ended, or does so within ten seconds; one that nobody has collected yet counts.
  static func ends(_ process: pid_t) async -> Bool {
    for _ in 0..<200 {
      let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ") Z"
      if status.contains(") Z") { return true }
      try? await Task.sleep(for: .milliseconds(50))
    }
    return false
  }

  @Test("A run that was killed leaves its trial to the next run of the same slot")
  func resume() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 1))
    let run = try bench.evaluate("echo up; echo $$ > pid; sleep 600", ["-v", "--worker", "w"])
    #expect(await run.errors.shows("up"))
    run.send(SIGKILL)
    _ = await run.ending()
    let next = try await bench.evaluate(Self.square, ["--worker", "w"]).ending()
    #expect(next.status == 0, "\(next.errors)")
    let trials = try await bench.trials()
    #expect(trials.states == ["completed"])
    #expect(trials.first?["worker"] == "w-1")
    let pid = try String(contentsOfFile: bench.path("pid"), encoding: .utf8)
    Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)).map { _ = kill(-$0, SIGKILL) }
  }
}
