import Foundation
import SQLiteStorage
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(2)))
struct CommandLineTests {
  @Test(
    "Every subcommand has help with an example",
    arguments: [
      [], ["serve"], ["study", "create"], ["study", "list"], ["study", "show"], ["trial", "list"], ["trial", "show"],
      ["trial", "enqueue"], ["trial", "edit"], ["trial", "requeue"],
      ["ask"], ["tell"], ["best"], ["run"], ["predict"],
      ["replay"], ["study", "pause"], ["study", "resume"], ["study", "delete"], ["export"], ["import"],
      ["import", "optuna"], ["import", "jsonl"], ["import", "csv"], ["completion"],
    ])
  func help(subcommand: [String]) async throws {
    let ending = try await RunningCommand(subcommand + ["--help"]).ending()
    #expect(ending.status == 0)
    #expect(ending.output.contains("EXAMPLE"))
    #expect(ending.errors.isEmpty)
  }

  @Test(
    "Wrong usage has exit status 2 and says so on standard error",
    arguments: [
      ["bess"], ["best"], ["tell", "s", "1", "--db", "x"], ["tell", "s", "one", "loss=1"],
      ["replay", "s", "--db", "x"], ["replay", "s", "1", "--all", "--db", "x"], ["replay", "s", "1"],
      ["predict", "s", "{", "--db", "x"],
      ["ask", "s", "--count", "0"], ["trial", "enqueue", "s", "--db", "x"], ["trial", "edit", "s", "1", "--db", "x"],
      ["trial", "edit", "s", "1", "loss=1", "--exclude", "--db", "x"], ["trial", "enqueue", "s", "x", "--db", "x"],
      ["run", "s", "--db", "x"], ["best", "s", "--db", "x", "--server", "http://localhost"], ["best", "s"],
      ["best", "s", "--server", "ftp://x"], ["serve", "--db", "x", "--durability", "some"],
      ["run", "s", "--db", "x", "--parallel", "0", "--", "true"],
    ])
  func usage(arguments: [String]) async throws {
    let ending = try await RunningCommand(arguments).ending()
    #expect(ending.status == 2)
    #expect(ending.errors.hasPrefix("hone: "))
    #expect(ending.output.isEmpty)
  }

  @Test("What is not there has exit status 3")
  func notFound() async throws {
    let bench = try Workbench()
    #expect(try await RunningCommand.run("best", "s", "--db", bench.database).status == 3)
    #expect(!FileManager.default.fileExists(atPath: bench.database))
    try await bench.create()
    #expect(try await RunningCommand.run("study", "show", "t", "--db", bench.database).status == 3)
    #expect(try await RunningCommand.run("trial", "show", "s", "1", "--db", bench.database).status == 3)
    #expect(try await RunningCommand.run("best", "s", "--db", bench.database).status == 3)
    #expect(
      try await RunningCommand.run("study", "create", bench.path("none.json"), "--db", bench.database).status == 3)
  }

  @Test("A study is paused, resumed with a larger budget, and deleted when its name is given again")
  func studyLife() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 3))
    func study(_ arguments: String..., input: String? = nil) async throws -> RunningCommand.Ending {
      try await RunningCommand(["study"] + arguments + ["--db", bench.database], input: input).ending()
    }
    #expect(try await study("pause", "s").status == 0)
    #expect(try await bench.json("study", "show", "s")["state"] == "paused")
    #expect(try await study("resume", "s", "--max-trials", "5").status == 0)
    let resumed = try await bench.json("study", "show", "s")
    #expect(resumed["state"] == "active")
    #expect(resumed["budget"]?["max_trials"] == 5)
    #expect(try await study("delete", "s", input: "t\n").status == 2)
    #expect(try await study("show", "s").status == 0)
    #expect(try await study("delete", "s", input: "s\n").status == 0)
    #expect(try await study("delete", "s", "--yes").status == 3)
  }

  @Test("Help shows where to begin, topics and commands")
  func guide() async throws {
    let guide = try await RunningCommand.run("help")
    #expect(guide.status == 0)
    for word in ["hone run", "spaces", "exit-codes", "import"] { #expect(guide.output.contains(word)) }
    #expect(try await RunningCommand.run("help", "exit-codes").output.contains("10  study finished"))
    #expect(try await RunningCommand.run("help", "study", "create").output.contains("USAGE: hone study create"))
    let unknown = try await RunningCommand.run("help", "nothing")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("spaces"))
  }

  @Test("Each shell gets a script that completes commands and asks for the names of studies")
  func completion() async throws {
    for shell in ["bash", "zsh", "fish"] {
      let script = try await RunningCommand.run("completion", shell)
      #expect(script.status == 0)
      #expect(script.output.contains("export"))
      #expect(script.output.contains("---completion"))
    }
    let bench = try Workbench()
    try await bench.create()
    for command in [["best"], ["plot", "history"], ["importance"]] {
      let names = try await RunningCommand(
        ["---completion"] + command + ["--", "positional@0", "\(command.count + 2)", "0", "hone"] + command
          + ["--db", bench.database], environment: ["SAP_SHELL": "bash"]
      ).ending()
      #expect(names.output.split(separator: "\n").contains("s"), "\(command)")
    }
  }

  @Test("Trials are added, listed by value, corrected, excluded and given back")
  func trials() async throws {
    let bench = try Workbench()
    try await bench.create()
    func trial(_ arguments: String...) async throws -> RunningCommand.Ending {
      try await RunningCommand(["trial"] + arguments + ["--db", bench.database]).ending()
    }
    let results = #"""
      [{"parameters": {"x": 0.5}, "metrics": {"loss": 3}}, {"parameters": {"x": 1}, "metrics": {"loss": 1}}]
      """#
    #expect(try await trial("enqueue", "s", "--from", results).status == 0)
    #expect(try await trial("enqueue", "s", "x=0.25").output.contains("x=0.25"))
    #expect(try await trial("enqueue", "s", "x=high").status == 2)
    let best = try await trial("list", "s", "--order-by", "value", "--limit", "1", "--json")
    guard case .array(let listed)? = try JSONValue(text: best.output)["trials"] else {
      Issue.record("There is no list: \(best.output)")
      return
    }
    #expect(listed.map { $0["number"] } == [2])
    #expect(try await trial("edit", "s", "1", "loss=0.5", "--revision", "9").status == 4)
    #expect(try await trial("edit", "s", "1", "loss=0.5").output.contains("0.5"))
    #expect(try await trial("edit", "s", "2", "--exclude").output.contains("excluded"))
    #expect(try await RunningCommand.run("ask", "s", "--db", bench.database).output.hasPrefix("trial 3"))
    #expect(try await trial("requeue", "s", "3", "--reason", "later").output.contains("waiting"))
  }

  @Test("Every mistake in a study file is listed with its JSON pointer")
  func mistakes() async throws {
    let bench = try Workbench()
    let study = #"""
      {"name": "s", "parameters": [{"name": "x", "type": "float", "low": 1, "high": 0}, {"name": "y", "type": "real"}],
       "objectives": [{"metric": "loss"}], "budgets": {}}
      """#
    let ending = try await RunningCommand.run("study", "create", "-", "--db", bench.database, input: study)
    #expect(ending.status == 2)
    for pointer in ["/parameters/1/type", "/objectives/0/goal", "/budgets"] {
      #expect(ending.errors.contains("\n  \(pointer): "))
    }
    let text = try await RunningCommand.run("study", "create", "-", "--db", bench.database, input: "{")
    #expect(text.status == 2)
    #expect(text.errors.contains("not JSON"))
  }

  @Test("A study is made once; another of its name is a conflict; options change what the file says")
  func create() async throws {
    let bench = try Workbench()
    try await bench.create()
    try await bench.create()
    let other = Workbench.study(maxTrials: 3)
    let conflict = try await RunningCommand.run("study", "create", "-", "--db", bench.database, input: other)
    #expect(conflict.status == 4)
    let changed = try await RunningCommand.run(
      "study", "create", "-", "--db", bench.database, "--name", "t", "--max-trials", "9", "--tuner", "quasi_random",
      "--json", input: other)
    let study = try JSONValue(text: changed.output)
    #expect(study["budget"]?["max_trials"] == 9)
    #expect(study["tuner"] == ["name": "quasi_random", "seed": 1])
    guard case .array(let studies)? = try await bench.json("study", "list")["studies"] else {
      Issue.record("no list")
      return
    }
    #expect(studies.map { $0["name"] } == ["s", "t"])
  }

  @Test("A trial is asked for and told; telling otherwise is a conflict; a finished study has exit status 10")
  func askAndTell() async throws {
    let bench = try Workbench()
    try await bench.create(Workbench.study(maxTrials: 2))
    guard case .array(let trials)? = try await bench.json("ask", "s", "--count", "2", "--worker", "me")["trials"],
      case .string(let token)? = trials.first?["lease"]?["token"]
    else {
      Issue.record("no lease")
      return
    }
    #expect(trials.map { $0["number"] } == [1, 2])
    func tell(_ arguments: String...) async throws -> Int32 {
      try await RunningCommand(["tell", "s"] + arguments + ["--db", bench.database]).ending().status
    }
    #expect(try await tell("1", "loss=0.5", "--lease-token", token) == 0)
    #expect(try await tell("1", "loss=0.5") == 0)
    #expect(try await tell("1", "loss=0.6") == 4)
    #expect(try await tell("2", "loss=low") == 2)
    #expect(try await tell("2", "--infeasible", "--reason", "too hot") == 0)
    #expect(try await tell("3", "loss=1") == 3)
    #expect(try await RunningCommand.run("ask", "s", "--db", bench.database).status == 10)
    #expect(try await bench.json("best", "s")["trial"]?["metrics"] == ["loss": 0.5])
    let listed = try await bench.trials()
    #expect(listed.states == ["completed", "infeasible"])
    #expect(listed.last?["reason"] == "too hot")
    #expect(!"\(listed)".contains(token))
  }

  @Test("Past suggestions are computed again; one that was changed has exit status 1")
  func replay() async throws {
    let bench = try Workbench()
    try await bench.create()
    _ = try await bench.json("ask", "s", "--count", "3")
    let all = try await bench.json("replay", "s", "--all")
    #expect(all["equal"] == true)
    guard case .array(let trials)? = all["trials"] else {
      Issue.record("no trials")
      return
    }
    #expect(trials.map { $0["result"] } == ["equal", "equal", "equal"])
    #expect(try await RunningCommand.run("replay", "s", "9", "--db", bench.database).status == 3)
    let store = try await SQLiteStudyStore.open(bench.database)
    try await store.execute(#"UPDATE trials SET parameters = '{"x":0.123}' WHERE number = 2"#)
    await store.close()
    let changed = try await RunningCommand.run("replay", "s", "2", "3", "--db", bench.database)
    #expect(changed.status == 1)
    #expect(changed.output.contains("differs") && changed.output.contains("equal"))
  }

  @Test("A prediction is a table or JSON; a tuner without a model has exit status 2, one without results 4")
  func predict() async throws {
    let bench = try Workbench()
    try await bench.create()
    let point = #"{"x": 0.5}"#
    #expect(try await RunningCommand.run("predict", "s", point, "--db", bench.database).status == 2)
    let modelled = Workbench.study("m").replacing(#""name": "random""#, with: #""name": "bayesian""#)
    try await bench.create(modelled)
    #expect(try await RunningCommand.run("predict", "m", point, "--db", bench.database).status == 4)
    _ = try await bench.json("ask", "m", "--count", "3")
    for number in 1...3 {
      let told = try await RunningCommand.run("tell", "m", "\(number)", "loss=\(number)", "--db", bench.database)
      #expect(told.status == 0)
    }
    let answer = try await bench.json("predict", "m", "[\(point), \(point)]")
    #expect(answer["observations"] == 3)
    guard case .array(let predictions)? = answer["predictions"] else {
      Issue.record("no predictions")
      return
    }
    #expect(predictions.count == 2)
    let table = try await RunningCommand.run("predict", "m", "-", "--db", bench.database, input: point)
    #expect(table.status == 0 && table.output.hasPrefix("MEAN"))
    let outside = try await RunningCommand.run("predict", "m", #"[{"x": 7}]"#, "--db", bench.database)
    #expect(outside.status == 2 && outside.errors.contains("/points/0/x"))
  }

  @Test("A server that is not there has exit status 6")
  func unreachable() async throws {
    // Port 1 of the loopback interface is nobody's.
    let ending = try await RunningCommand.run("best", "s", environment: ["HONE_SERVER": "http://127.0.0.1:1"])
    #expect(ending.status == 6)
    #expect(ending.errors.contains("http://127.0.0.1:1"))
  }
}
