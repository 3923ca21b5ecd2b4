import Foundation
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(2)))
struct PopulationEndToEndTests {
  private static let definition = #"""
    {"name": "s", "parameters": [{"name": "x", "type": "float", "low": 0, "high": 1}],
     "objectives": [{"metric": "loss", "goal": "minimize"}],
     "tuner": {"name": "population_based", "seed": 1, "population_size": 2, "interval": 2, "max_steps": 6,
               "quantile": 0.5}}
    """#

  @Test("hone run trains a population whose programs go on from each other's states")
  func run() async throws {
    let bench = try Workbench()
    try await bench.create(Self.definition)
    // The state is the sum of x over the steps so far.
    let script = #"""
      state=0
      if [ "$HONE_STEP_FROM" != 0 ]; then state=$(cat "$HONE_CHECKPOINT_IN") || exit 1; fi
      state=$(awk -v s="$state" -v x="$1" -v n=$((HONE_STEP_TO - HONE_STEP_FROM)) 'BEGIN { printf "%.17g", s + n * x }')
      echo "$state" > "$HONE_CHECKPOINT_OUT"
      echo "hone: {\"loss\": $state}"
      """#
    let program = bench.path("train.sh")
    try Data(script.utf8).write(to: URL(fileURLWithPath: program))
    let ending = try await RunningCommand.run(
      "run", "s", "--db", bench.database, "--parallel", "2", "--checkpoints", bench.path("states"), "--", "/bin/sh",
      program, "{x}")
    #expect(ending.status == 0, "\(ending.errors)")
    let trials = try await bench.trials()
    #expect(trials.count >= 6)
    let shown = try await RunningCommand.run("schedule", "s", "--json", "--db", bench.database)
    let schedule = try JSONValue(text: shown.output)
    guard case .array(let lineage)? = schedule["lineage"] else { return #expect(Bool(false), "\(shown.output)") }
    #expect(schedule["steps"] == .number(Double(2 * lineage.count)))
    let table = try await RunningCommand.run("schedule", "s", "--db", bench.database)
    #expect(table.output.contains("STEP") && table.output.contains("states/s/trial-"))
    let csv = try await RunningCommand.run("schedule", "s", "--csv", "--db", bench.database)
    #expect(csv.output.hasPrefix("step,x\r\n0,"))

    // What nobody goes on from any more is gone, and known to be.
    let listed = try await bench.json("checkpoints", "s")
    guard case .array(let states)? = listed["checkpoints"] else { return #expect(Bool(false), "\(listed)") }
    #expect(states.count == trials.count)
    #expect(!states.contains { $0["state"] == "collectable" })
    for state in states {
      guard case .string(let path)? = state["checkpoint"] else { continue }
      #expect(FileManager.default.fileExists(atPath: path) == (state["state"] == "pinned"))
    }

    // The same program through the same schedule comes to the same.
    let replay = try await RunningCommand.run("schedule", "s", "--replay", "again", "--db", bench.database)
    #expect(replay.status == 0, "\(replay.errors)")
    let second = try await RunningCommand.run(
      "run", "again", "--db", bench.database, "--checkpoints", bench.path("states"), "--", "/bin/sh", program, "{x}")
    #expect(second.status == 0, "\(second.errors)")
    let again = try await bench.json("trial", "list", "again")
    guard case .array(let parts)? = again["trials"], case .number(let last)? = parts.last?["metrics"]?["loss"]
    else { return #expect(Bool(false), "\(again)") }
    #expect(parts.count == lineage.count)
    let losses = trials.compactMap { trial -> Double? in
      if case .number(let loss)? = trial["metrics"]?["loss"] { loss } else { nil }
    }
    let best = try #require(losses.min())
    #expect(abs(last - best) < 1e-12)
  }

  @Test("States stay where the user keeps them, until somebody says that they are gone")
  func keptStates() async throws {
    let bench = try Workbench()
    try await bench.create(
      Self.definition.replacing(#""population_size": 2"#, with: #""population_size": 1, "keep_checkpoints": 1"#))
    let script = #"echo "$HONE_STEP_TO" > "$HONE_CHECKPOINT_OUT"; echo 'hone: {{"loss": 1}}'"#
    let ending = try await RunningCommand.run(
      "run", "s", "--db", bench.database, "--keep-checkpoints", "--checkpoints", bench.path("states"), "--", "/bin/sh",
      "-c", script)
    #expect(ending.status == 0, "\(ending.errors)")
    let listed = try await RunningCommand.run(
      "checkpoints", "s", "--state", "collectable", "--db", bench.database)
    #expect(listed.output.contains("states/s/trial-2-1") && !listed.output.contains("trial-3-1"), "\(listed)")
    let state = bench.path("states/s/trial-2-1")
    #expect(FileManager.default.fileExists(atPath: state))
    let noted = try await RunningCommand.run("checkpoints", "s", "--deleted", state, "--db", bench.database)
    #expect(noted.status == 0, "\(noted.errors)")
    let pinned = bench.path("states/s/trial-3-1")
    let refused = try await RunningCommand.run("checkpoints", "s", "--deleted", pinned, "--db", bench.database)
    #expect(refused.status == 2)
    let both = try await RunningCommand.run(
      "checkpoints", "s", "--deleted", state, "--state", "deleted", "--db", bench.database)
    #expect(both.status == 2)
  }

  @Test("A program that leaves no state fails its trial, with what was missing")
  func withoutState() async throws {
    let bench = try Workbench()
    try await bench.create(Self.definition)
    let ending = try await RunningCommand.run(
      "run", "s", "--db", bench.database, "--max-trials", "1", "--checkpoints", bench.path("states"), "--", "/bin/sh",
      "-c", #"echo 'hone: {{"loss": 1}}'"#)
    #expect(ending.status == 1)
    let shown = try await RunningCommand.run("trial", "show", "s", "1", "--db", bench.database)
    #expect(shown.output.contains("HONE_CHECKPOINT_OUT") && shown.output.contains("resume"))
    #expect(try await RunningCommand.run("schedule", "s", "--db", bench.database).status == 3)
  }

  @Test("A part is told on the command line with its state")
  func tell() async throws {
    let bench = try Workbench()
    try await bench.create(Self.definition)
    _ = try await RunningCommand.run("ask", "s", "--db", bench.database)
    let missing = try await RunningCommand.run("tell", "s", "1", "loss=1", "--db", bench.database)
    #expect(missing.status == 2)
    #expect(missing.errors.contains("/checkpoint"))
    let told = try await RunningCommand.run(
      "tell", "s", "1", "loss=1", "--checkpoint", "c1", "--step", "2", "--db", bench.database)
    #expect(told.status == 0, "\(told.errors)")
    #expect(told.output.contains("c1"))
  }
}
