import Foundation
import Testing
import TuningModel

@Suite("hone plot and hone importance", .timeLimit(.minutes(2)))
struct PlotEndToEndTests {
  private static let kinds = ["history", "slice", "parallel", "importance", "contour", "timeline", "steps"]

  private static func bench(maxTrials: Int) async throws -> Workbench {
    let bench = try Workbench()
    let y = #", {"name": "y", "type": "categorical", "choices": ["a", "b"]}"#
    try await bench.create(Workbench.study(maxTrials: maxTrials, extra: y))
    let script = #"echo "hone: {\"loss\": 1, \"step\": 1}"; echo "hone: {\"loss\": $1}""#
    _ = try await bench.evaluate(script, ["--parallel", "4"]).ending()
    return bench
  }

  @Test("Each has help with an example", arguments: [["importance"]] + kinds.map { ["plot", $0] })
  func help(subcommand: [String]) async throws {
    let ending = try await RunningCommand(subcommand + ["--help"]).ending()
    #expect(ending.status == 0 && ending.output.contains("EXAMPLE"))
  }

  @Test("Every plot is drawn in every form, in characters without colours where nobody looks")
  func everyForm() async throws {
    let bench = try await Self.bench(maxTrials: 12)
    for kind in Self.kinds {
      let text = try await RunningCommand.run("plot", kind, "s", "--db", bench.database)
      #expect(text.status == 0 && !text.output.contains("\u{1B}"), "\(kind): \(text.errors)")
      let svg = try await RunningCommand.run("plot", kind, "s", "--format", "svg", "--db", bench.database)
      #expect(svg.output.hasPrefix("<svg") && isWellFormed(svg.output), "\(kind): \(svg.errors)")
      let file = bench.path("\(kind).html")
      let page = try await RunningCommand.run(
        "plot", kind, "s", "--format", "html", "--output", file, "--db", bench.database)
      #expect(page.status == 0 && page.output.isEmpty)
      #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    }
  }

  @Test("The importance of parameters is told as a table and as the answer of the REST API")
  func importance() async throws {
    let bench = try await Self.bench(maxTrials: 24)
    let text = try await RunningCommand.run("importance", "s", "--db", bench.database)
    #expect(text.output.hasPrefix("loss, 24 trials; explained "), "\(text.errors)")
    let answer = try await bench.json("importance", "s", "--best", "0.5")
    guard case .array(let parameters)? = answer["parameters"] else { throw CocoaError(.coderReadCorrupt) }
    #expect(parameters.count == 2)
    #expect(answer["best"] == 0.5)
  }

  @Test("Too few trials have exit status 4, none 3, another metric 2")
  func refusals() async throws {
    let bench = try await Self.bench(maxTrials: 2)
    #expect(try await RunningCommand.run("importance", "s", "--db", bench.database).status == 4)
    #expect(try await RunningCommand.run("plot", "slice", "s", "--metric", "speed", "--db", bench.database).status == 2)
    try await bench.create(Workbench.study("empty"))
    #expect(try await RunningCommand.run("plot", "history", "empty", "--db", bench.database).status == 3)
    #expect(try await RunningCommand.run("plot", "contour", "s", "--x", "x", "--db", bench.database).status == 2)
  }
}
