import Foundation
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(2)))
struct OracleEndToEndTests {
  @Test("A study with hypergradients is asked and told on the command line until its tuner ends")
  func oracle() async throws {
    let bench = try Workbench()
    try await bench.create(
      #"""
      {"name": "s", "parameters": [{"name": "x", "type": "float", "low": -4, "high": 4, "default": 3}],
       "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": {"name": "hypergradient", "seed": 1}}
      """#)
    let wrong = try await RunningCommand.run("tell", "s", "1", "--oracle", #"{"h": 1}"#, "--db", bench.database)
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("/oracle/h"))
    for number in 1...10 {
      let asked = try await RunningCommand.run("ask", "s", "--json", "--db", bench.database)
      guard asked.status == 0 else {
        #expect(asked.status == 10)
        #expect(asked.errors.contains("the tuner has come to its end: stationary"))
        #expect(number > 2)
        let waiting = try await RunningCommand.run("trial", "show", "s", "1", "--db", bench.database)
        #expect(waiting.output.contains("interval") && waiting.output.contains("request"))
        return
      }
      guard case .array(let trials)? = try JSONValue(text: asked.output)["trials"],
        case .number(let x)? = trials.first?["parameters"]?["x"]
      else { return #expect(Bool(false), "\(asked.output)") }
      #expect(trials.first?["request"]?["kind"] == "hypergradient")
      // f = ½x², told on standard input.
      let answer: JSONValue = ["g": .number(x * x / 2), "grad_g_norm": 0, "z": [.number(x)]]
      let told = try await RunningCommand(
        ["tell", "s", "\(number)", "--oracle", "-", "--db", bench.database], input: answer.text
      ).ending()
      #expect(told.status == 0, "\(told.errors)")
      #expect(try await RunningCommand.run("tell", "s", "\(number)", "loss=1", "--db", bench.database).status != 0)
    }
    #expect(Bool(false), "the tuner did not end")
  }

  @Test("hone run hands a program its request and tells its answer")
  func run() async throws {
    let bench = try Workbench()
    try await bench.create(
      #"""
      {"name": "s", "parameters": [{"name": "x", "type": "float", "low": -4, "high": 4, "default": 3}],
       "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": {"name": "hypergradient", "seed": 1}}
      """#)
    let script = #"""
      case "$HONE_REQUEST" in *'"kind":"hypergradient"'*) ;; *) exit 1 ;; esac
      echo "hone: {\"oracle\": {\"g\": $(echo "$1" | awk '{printf "%.17g", $1 * $1 / 2}'), \"grad_g_norm\": 0, \"z\": [$1]}}"
      """#
    // In a file of its own, since braces in an argument stand for parameters.
    let program = bench.path("objective.sh")
    try Data(script.utf8).write(to: URL(fileURLWithPath: program))
    let ending = try await RunningCommand.run("run", "s", "--db", bench.database, "--", "/bin/sh", program, "{x}")
    #expect(ending.status == 0, "\(ending.errors)")
    let trials = try await bench.trials()
    #expect(trials.count >= 2)
    #expect(trials.states.allSatisfy { $0 == "completed" })
    guard case .number(let loss)? = trials.last?["metrics"]?["loss"] else { return #expect(Bool(false), "no loss") }
    #expect(loss < 1e-9)
  }
}
