import Foundation
import SQLiteStorage
import Testing
import TuningModel

@Suite(.timeLimit(.minutes(2)))
struct ExchangeEndToEndTests {
  private static let extra = #"""
    , {"name": "kind", "type": "categorical", "choices": ["a", "b, \"c\"", true, 2]},
    {"name": "size", "type": "int", "low": 1, "high": 64, "log": true, "when": {"kind": ["a"]}},
    {"name": "weights", "type": "float", "low": -1, "high": 1, "size": 2}
    """#

  private static let results = #"""
    [{"parameters": {"x": 0.1, "kind": "a", "size": 8, "weights": [0.5, -0.25]}, "metrics": {"loss": 0.30000000000000004, "ms": 12},
      "standard_errors": {"loss": 0.01}, "step": 7,
      "measurements": [{"step": 1, "metrics": {"loss": 3}}, {"step": 7, "metrics": {"loss": "NaN"}}]},
     {"parameters": {"x": 0.2, "kind": "b, \"c\"", "weights": [0, 1]}, "metrics": {"loss": "Infinity"}},
     {"parameters": {"x": 0.3, "kind": true, "weights": [0, 1]}, "state": "pruned", "reason": "slow, \"very\"\nslow", "metrics": {"loss": 4}},
     {"parameters": {"x": 0.4, "kind": 2, "weights": [0, 1]}, "state": "infeasible", "reason": "no mesh"},
     {"parameters": {"x": 0.5, "kind": 2, "weights": [0, 1]}, "state": "failed", "reason": "user"},
     {"parameters": {"x": 0.6, "kind": 2, "weights": [0, 1]}, "metrics": {"loss": 1}},
     {"parameters": {"x": 0.7, "kind": 2, "weights": [0, 1]}}]
    """#

  private static func fill(_ bench: borrowing Workbench) async throws {
    try await bench.create(Workbench.study(maxTrials: 30, extra: extra))
    for arguments in [["enqueue", "s", "--from", results], ["edit", "s", "6", "--exclude"]] {
      let ending = try await RunningCommand(["trial"] + arguments + ["--db", bench.database]).ending()
      try #require(ending.status == 0, "\(ending.errors)")
    }
  }

  /// What a copy of a trial has in common with it.
  private static func content(_ trials: JSONValue) throws -> [JSONValue] {
    guard case .array(let elements)? = trials["trials"] else { return [] }
    let kept = ["number", "state", "reason", "parameters", "metrics", "standard_errors", "step", "measurements"]
    return elements.map { trial in
      var fields = Dictionary(uniqueKeysWithValues: kept.compactMap { key in trial[key].map { (key, $0) } })
      fields["excluded"] = .bool(trial["excluded_at"] != nil)
      return .object(fields)
    }
  }

  private static func run(_ arguments: String...) async throws -> RunningCommand.Ending {
    let ending = try await RunningCommand(arguments).ending()
    try #require(ending.status == 0, "\(ending.errors)")
    return ending
  }

  @Test("A study comes back from its JSON lines as it was, with every measurement")
  func lines() async throws {
    let bench = try Workbench()
    try await Self.fill(bench)
    let (file, copy) = (bench.path("s.jsonl"), bench.path("copy.db"))
    _ = try await Self.run("export", "s", "jsonl", "--output", file, "--db", bench.database)
    _ = try await Self.run("import", "jsonl", file, "--db", copy)
    let (before, after) = (
      try await bench.json("trial", "list", "s", "--measurements"),
      try await bench.json("trial", "list", "s", "--measurements", at: ["--db", copy])
    )
    #expect(try Self.content(before).count == 7)
    #expect(try Self.content(before) == Self.content(after))
    for field in ["parameters", "objectives", "budget", "tuner"] {
      let study = try await bench.json("study", "show", "s")
      #expect(study[field] == (try await bench.json("study", "show", "s", at: ["--db", copy]))[field])
    }
    #expect(try await RunningCommand.run("db", "check", copy).status == 0)
  }

  @Test("A sheet of comma-separated values has every result, and gives them back")
  func sheet() async throws {
    let bench = try Workbench()
    try await Self.fill(bench)
    let (file, copy, definition) = (bench.path("s.csv"), bench.path("copy.db"), bench.path("s.json"))
    try Workbench.study(maxTrials: 30, extra: Self.extra).write(toFile: definition, atomically: true, encoding: .utf8)
    _ = try await Self.run("export", "s", "csv", "--output", file, "--db", bench.database)
    _ = try await Self.run("import", "csv", file, "--definition", definition, "--db", copy)
    let (before, after) = (
      try await bench.json("trial", "list", "s"), try await bench.json("trial", "list", "s", at: ["--db", copy])
    )
    #expect(try Self.content(before) == Self.content(after))
  }

  @Test("A text goes to standard output, to a device and through a link, which stays")
  func destinations() async throws {
    let bench = try Workbench()
    try await Self.fill(bench)
    let (file, link) = (bench.path("s.csv"), bench.path("link.csv"))
    try "old".write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    let plain = try await RunningCommand.run("export", "s", "csv", "--db", bench.database)
    let device = try await RunningCommand.run("export", "s", "csv", "-o", "/dev/stdout", "--db", bench.database)
    _ = try await Self.run("export", "s", "csv", "--output", link, "--db", bench.database)
    #expect(device.status == 0 && device.output == plain.output)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == plain.output)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
  }

  @Test("A row that the study cannot have is left out with its line, and with --strict nothing is imported")
  func refusedRow() async throws {
    let bench = try Workbench()
    let (file, definition) = (bench.path("s.csv"), bench.path("s.json"))
    try Workbench.study().write(toFile: definition, atomically: true, encoding: .utf8)
    try "x,loss\n0.5,1\n7,2\n0.25,3\n".write(toFile: file, atomically: true, encoding: .utf8)
    let arguments = ["import", "csv", file, "--definition", definition, "--db", bench.database]
    let strict = try await RunningCommand(arguments + ["--strict"]).ending()
    #expect(strict.status == 1)
    #expect(!FileManager.default.fileExists(atPath: bench.database))
    let ending = try await RunningCommand(arguments).ending()
    #expect(ending.status == 0)
    #expect(ending.output.contains("line 3: x: "))
    #expect(try await bench.trials().states == ["completed", "completed"])
  }

  @Test("An Optuna storage is read back as it was written")
  func optunaFile() throws {
    let bench = try Workbench()
    var study = OptunaStudy(
      "s", directions: [.minimize, .maximize], userAttributes: ["team": "\"vision\""],
      systemAttributes: ["study:metric_names": #"["loss","acc"]"#])
    var (complete, waiting) = (OptunaTrial(0, .complete), OptunaTrial(1, .waiting))
    complete.parameters = [
      OptunaParameter("b", 0.5, distribution: "{}"), OptunaParameter("a", 1, distribution: "{}"),
    ]
    complete.values = [0: -.infinity, 1: 0.1]
    complete.intermediateValues = [0: .infinity, 3: 2]
    complete.userAttributes = ["u": "[1]"]
    (complete.startedAt, complete.completedAt) = ("2026-01-01 00:00:00.000000", "2026-01-01 00:00:01.000000")
    waiting.systemAttributes = ["fixed_params": "{}"]
    study.trials = [complete, waiting]
    let file = OptunaFile(bench.path("optuna.db"))
    try file.write(study)
    #expect(try file.studies() == ["s"])
    #expect(try file.study("s") == study)
    #expect(throws: StudyError.self) { try file.write(study) }
    #expect(throws: StudyError.self) { try file.study("t") }
  }

  @Test("A study goes to Optuna's storage and comes back with its results")
  func optuna() async throws {
    let bench = try Workbench()
    try await Self.fill(bench)
    let (file, copy) = (bench.path("optuna.db"), bench.path("copy.db"))
    _ = try await Self.run("export", "s", "optuna", "--output", file, "--db", bench.database)
    let ending = try await Self.run("import", "optuna", file, "--db", copy)
    #expect(ending.output.contains("imported 7 trials"))
    guard
      case .array(let trials)? = try await bench.json("trial", "list", "s", "--measurements", at: ["--db", copy])[
        "trials"]
    else { throw CocoaError(.fileReadCorruptFile) }
    #expect(trials.states == ["completed", "infeasible", "pruned", "failed", "failed", "failed", "waiting"])
    #expect(trials[0]["metrics"] == ["loss": 0.30000000000000004])
    #expect(trials[0]["parameters"]?["kind"] == "a")
    #expect(trials[2]["parameters"]?["kind"] == true)
    #expect(trials[6]["parameters"]?["kind"] == 2)
  }

  @Test("What is no storage of Optuna is refused", arguments: ["nothing", "empty", "text", "hone"])
  func noStorage(kind: String) async throws {
    let bench = try Workbench()
    let path = kind == "hone" ? bench.database : bench.path("file")
    if kind == "hone" { try await bench.create() }
    if kind == "empty" { try Data().write(to: URL(fileURLWithPath: path)) }
    if kind == "text" {
      try Data(String(repeating: "no database ", count: 1_000).utf8).write(to: URL(fileURLWithPath: path))
    }
    #expect(throws: StudyError.self) { try OptunaFile(path).studies() }
  }
}
