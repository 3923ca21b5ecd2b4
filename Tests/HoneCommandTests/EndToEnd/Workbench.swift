import Foundation
import Testing
import TuningModel

/// A folder with a database, thrown away after the test.
struct Workbench: ~Copyable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var database: String { folder.appendingPathComponent("hone.db").path }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// A study of one number, `x` from 0 to 1, minimising `loss`, by random search.
  static func study(_ name: String = "s", maxTrials: Int? = nil, extra: String = "") -> String {
    let budget = maxTrials.map { #", "budget": {"max_trials": \#($0)}"# } ?? ""
    return #"""
      {"name": "\#(name)", "parameters": [{"name": "x", "type": "float", "low": 0, "high": 1}\#(extra)],
       "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": {"name": "random", "seed": 1}\#(budget)}
      """#
  }

  /// Makes a study in the database, or on a server.
  func create(_ study: String = study(), at place: [String]? = nil) async throws {
    let arguments = ["study", "create", "-"] + (place ?? ["--db", database])
    let ending = try await RunningCommand(arguments, input: study).ending()
    try #require(ending.status == 0, "\(ending.errors)")
  }

  /// Runs a shell script as the objective of the study `s`.
  func evaluate(
    _ script: String, _ options: [String] = [], at place: [String]? = nil, arguments: [String] = ["{x}"]
  ) throws -> RunningCommand {
    try RunningCommand(
      ["run", "s"] + (place ?? ["--db", database]) + options + ["--", "/bin/sh", "-c", script, "sh"] + arguments,
      environment: ["TMPDIR": folder.path], in: folder)
  }

  /// The JSON that a command writes.
  func json(_ arguments: String..., at place: [String]? = nil) async throws -> JSONValue {
    let ending = try await RunningCommand(arguments + ["--json"] + (place ?? ["--db", database])).ending()
    try #require(ending.status == 0, "\(ending.errors)")
    return try JSONValue(text: ending.output)
  }

  /// The trials of the study `s`.
  func trials(at place: [String]? = nil) async throws -> [JSONValue] {
    guard case .array(let trials)? = try await json("trial", "list", "s", at: place)["trials"] else { return [] }
    return trials
  }
}

extension [JSONValue] {
  /// The states of trials.
  var states: [String] {
    compactMap { if case .string(let state)? = $0["state"] { state } else { nil } }
  }
}
