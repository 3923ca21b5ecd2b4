import Foundation
import Testing
import TuningModel

@Suite("hone bilevel", .timeLimit(.minutes(2)))
struct BilevelEndToEndTests {
  /// Two noisy classes, 60 rows with a header.
  private static let table: String = {
    var text = "a,b,kind\n"
    for i in 0..<60 {
      let side = (i / 3) % 2
      let wobble = Double((i * 37) % 19) / 19 - 0.5
      text += "\(Double(side) + 2 * wobble),\(wobble * wobble + 0.3 * Double(side)),\(side == 0 ? "no" : "yes")\n"
    }
    return text
  }()

  @Test("It prints theta, the certified interval, three losses, the cost and the flag as JSON")
  func json() async throws {
    let ending = try await RunningCommand(
      ["bilevel", "--problem", "logistic", "--csv", "-", "--target", "kind", "--json"], input: Self.table
    ).ending()
    try #require(ending.status == 0, "\(ending.errors)")
    let json = try JSONValue(text: ending.output)
    guard case .number(let low)? = json["interval"]?["low"], case .number(let up)? = json["interval"]?["up"],
      case .number(let loss)? = json["validation"]?["loss"], case .array(let theta)? = json["theta"]
    else { return #expect(Bool(false), "\(ending.output)") }
    #expect(low <= loss + 1e-7 && loss <= up + 1e-7)
    #expect(theta.count == 1)
    #expect(json["test"]?["rows"] == 20 && json["train"]?["rows"] == 20)
    #expect(json["cost"]?["inner_steps"] != nil && json["cost"]?["hessian_products"] != nil)
    #expect(json["overfit"]?["flag"] == false)
  }

  @Test(
    "What it cannot do is refused with the reason",
    arguments: [
      (["--target", "colour"], "no column colour"), (["--problem", "ridge"], "is no finite number"),
      (["--tuner", "nonsense"], "There is no tuner nonsense"), (["--split", "thirds"], "--split takes"),
      (["--penalty", "per-weight"], "has the penalties"),
      (["--problem", "lasso", "--target", "a", "--ignore", "kind", "--tuner", "bda"], "/tuner/name"),
      (["--option", "eps=often"], "/tuner/eps"),
      (
        ["--problem", "lasso", "--target", "1", "--ignore", "3", "--no-header", "--skip-rows", "59"],
        "too few rows"
      ),
    ] as [([String], String)])
  func refusals(arguments: [String], reason: String) async throws {
    let ending = try await RunningCommand(
      ["bilevel", "--csv", "-"] + (arguments.contains("--problem") ? [] : ["--problem", "logistic"]) + arguments,
      input: Self.table
    ).ending()
    #expect(ending.status == 2)
    #expect(ending.errors.contains(reason), "\(ending.errors)")
  }

  private func oracle(_ bench: borrowing Workbench, slope: String) throws -> String {
    let program = bench.path("oracle.sh")
    let script =
      "echo \"$1\" | awk '{ printf \"hone: {\\\"oracle\\\": {\\\"g\\\": %.17g, \\\"grad_g_norm\\\": 0, \\\"z\\\": [%.17g]}}\\n\", $1 * $1 * $1, "
      + slope + " }'\n"
    try Data(script.utf8).write(to: URL(fileURLWithPath: program))
    return program
  }

  @Test("A right gradient of a program passes, a wrong one fails with its component named")
  func check() async throws {
    let bench = try Workbench()
    let study = #"""
      {"name": "s", "parameters": [{"name": "x", "type": "float", "low": 0.5, "high": 4, "default": 2}],
       "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": {"name": "hypergradient"}}
      """#
    let right = try oracle(bench, slope: "3 * $1 * $1")
    let good = try await RunningCommand.run("bilevel", "check-gradient", study, "--", "/bin/sh", right, "{x}")
    #expect(good.status == 0, "\(good.errors)")
    #expect(good.output.contains("everything agrees"))
    let wrong = try oracle(bench, slope: "-3 * $1 * $1")
    let bad = try await RunningCommand.run("bilevel", "check-gradient", study, "--", "/bin/sh", wrong, "{x}")
    #expect(bad.status == 1)
    #expect(bad.output.contains("z of x") && bad.output.contains("WRONG"))
    let silent = try await RunningCommand.run("bilevel", "check-gradient", study, "--", "/bin/true")
    #expect(silent.status == 1)
    #expect(silent.errors.contains("no answer to a hypergradient request"))
  }

  @Test("Products of a program that are not each other's adjoints are named", arguments: [true, false])
  func adjoints(areRight: Bool) async throws {
    let bench = try Workbench()
    let study = #"""
      {"name": "s", "parameters": [{"name": "x", "type": "float", "low": 0.5, "high": 4, "default": 2}],
       "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": {"name": "hypergradient"}}
      """#
    let program = bench.path("oracle.sh")
    let script = #"""
      echo "$1" | awk '{ printf "hone: {\"oracle\": {\"g\": %.17g, \"grad_g_norm\": 0, \"z\": [%.17g]}, \#
      \"v_Hw\": 3.5, \"Hv_w\": 3.5, \"v_Ju\": -2, \"Jtv_u\": \#(areRight ? -2 : 2)}\n", $1 * $1, 2 * $1 }'

      """#
    try Data(script.utf8).write(to: URL(fileURLWithPath: program))
    let ending = try await RunningCommand.run("bilevel", "check-gradient", study, "--", "/bin/sh", program, "{x}")
    #expect(ending.status == (areRight ? 0 : 1), "\(ending.errors) \(ending.output)")
    let wrong = ending.output.split(separator: "\n").filter { $0.contains("WRONG") }
    #expect(areRight ? wrong.isEmpty : wrong.count == 1 && wrong.allSatisfy { $0.contains("adjoint of J") })
    #expect(ending.output.contains("adjoint of H"))
  }

  @Test("Under hone run a bilevel run is one trial, whose standard error is half the interval")
  func mixedStudy() async throws {
    let bench = try Workbench()
    try Data(Self.table.utf8).write(to: URL(fileURLWithPath: bench.path("table.csv")))
    try await bench.create(
      #"""
      {"name": "s", "parameters": [{"name": "penalty", "type": "categorical", "choices": ["shared", "per-feature"]},
        {"name": "start", "type": "float", "low": -4, "high": 2}],
       "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": {"seed": 1}, "budget": {"max_trials": 3}}
      """#)
    let ending = try await RunningCommand.run(
      "run", "s", "--db", bench.database, "--", RunningCommand.executable.path, "bilevel", "--problem", "logistic",
      "--csv", bench.path("table.csv"), "--penalty", "{penalty}", "--start={start}")
    #expect(ending.status == 0, "\(ending.errors)")
    let trials = try await bench.trials()
    #expect(trials.states == ["completed", "completed", "completed"])
    let shown = try await bench.json("trial", "show", "s", "1")
    guard case .number(let deviation)? = shown["standard_errors"]?["loss"] else {
      return #expect(Bool(false), "\(shown.text)")
    }
    #expect(deviation >= 0 && deviation < 1e-3)
  }
}
