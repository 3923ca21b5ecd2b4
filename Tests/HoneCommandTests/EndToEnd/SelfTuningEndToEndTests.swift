import Foundation
import Testing
import TuningModel

@Suite("hone stn", .timeLimit(.minutes(2)))
struct SelfTuningEndToEndTests {
  /// Two noisy classes, 90 rows with a header; every third row tests.
  private static func table(testShift: Double = 0) -> String {
    var text = "a,b,kind\n"
    for i in 0..<90 {
      let side = (i / 3) % 2
      let wobble = Double((i * 37) % 19) / 19 - 0.5
      let shift = i % 3 == 2 ? testShift : 0
      let (a, b) = (Double(side) + 2 * wobble + shift, wobble * wobble + 0.3 * Double(side))
      text += "\(a),\(b),\(side == 0 ? "no" : "yes")\n"
    }
    return text
  }

  private static let short = [
    "stn", "--csv", "-", "--target", "kind", "--hidden", "8", "--steps", "40", "--every", "5",
  ]

  private func run(_ arguments: [String], input: String = table()) async throws -> JSONValue {
    let ending = try await RunningCommand(Self.short + arguments + ["--json"], input: input).ending()
    try #require(ending.status == 0, "\(ending.errors)")
    return try JSONValue(text: ending.output)
  }

  @Test("It prints values, losses at three moments and the course of the validation loss as JSON")
  func json() async throws {
    let json = try await run(["--tune", "dropout,weight_decay,input_noise,label_smoothing", "--start", "dropout=0.2"])
    #expect(
      json["hyperparameters"]?.elements?.compactMap { $0["name"] }
        == ["input_noise", "dropout_1", "weight_decay", "label_smoothing"])
    #expect(json["hyperparameters"]?.elements?[1]["start"] == 0.2)
    #expect(json["rows"]?["train"] == 30 && json["rows"]?["test"] == 30)
    #expect(json["validation_curve"]?["step"]?.elements?.count == 9)
    #expect(json["last"]?["step"] == 40 && json["last"]?["test"]?["loss"] != nil)
    guard case .number(let best)? = json["best"]?["validation"]?["loss"],
      case .array(let curve)? = json["validation_curve"]?["loss"]
    else { return #expect(Bool(false), "no losses") }
    #expect(curve.compactMap { if case .number(let loss) = $0 { loss } else { nil } }.min() == best)
    #expect(json["classes"] == ["no", "yes"])
  }

  @Test("Test rows, however they look, change nothing but their own losses")
  func testRows() async throws {
    let (plain, moved) = (try await run([]), try await run([], input: Self.table(testShift: 100)))
    #expect(plain["best"]?["validation"] == moved["best"]?["validation"])
    #expect(plain["validation_curve"] == moved["validation_curve"])
    #expect(plain["hyperparameters"] == moved["hyperparameters"])
    #expect(plain["best"]?["test"] != moved["best"]?["test"])
  }

  @Test("The schedule, the page and the trainings to compare to are written where they are asked for")
  func files() async throws {
    let bench = try Workbench()
    let (schedule, page) = (bench.path("schedule.csv"), bench.path("report.html"))
    let json = try await run(["--tune", "dropout", "--schedule", schedule, "--html", page, "--baselines"])
    #expect(
      json["baselines"]?.elements?.compactMap { $0["name"] } == ["fixed_start", "fixed_last", "schedule"])
    let lines = try String(contentsOfFile: schedule, encoding: .utf8).split(separator: "\n")
    // 40 steps of the weights and 19 of the hyperparameters, with a header.
    #expect(lines.count == 60 && lines[0] == "step,kind,loss,dropout_1,dropout_1 deviation")
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.ranges(of: "<svg").count == 1 && html.contains(">dropout_1</text>"))
    #expect(html.contains("through the schedule") && !html.contains("http-equiv") && !html.contains("nan,"))
  }

  @Test("People get two tables and a line about the rows")
  func text() async throws {
    let ending = try await RunningCommand(Self.short, input: Self.table()).ending()
    #expect(ending.status == 0)
    #expect(ending.output.contains("HYPERPARAMETER") && ending.output.contains("least validation loss"))
    #expect(ending.output.contains("30 rows train, 30 validate, 30 test"))
  }

  @Test("A training that diverges says so, and keeps what it had come to")
  func divergence() async throws {
    let json = try await run(["--rate", "1000", "--known", "weight_decay=1000"])
    #expect(json["diverged_at"] != nil)
    #expect(json["best"]?["validation"]?["loss"] != nil)
  }

  @Test(
    "What it cannot do is refused with the reason",
    arguments: [
      (["--target", "colour"], "no column colour"), (["--tune", "luck"], "--tune takes dropout"),
      (["--ignore", "a,b"], "no columns but the target"), (["--split", "folds:3"], "there are no folds"),
      (["--split", "thirds"], "--split takes"), (["--hidden", "8,x"], "--hidden takes"),
      (["--hidden", ""], "at least one hidden layer"), (["--start", "dropout"], "--start takes name=value"),
      (["--start", "dropout=2"], "outside of it"), (["--start", "weight_decay=1e-3"], "nothing called weight_decay"),
      (["--known", "label_smoothing=3"], "is a number from 0 to 1"), (["--steps", "0"], "--steps takes"),
      (["--rate=-1"], "--rate takes"), (["--target", "b"], "is no finite number"),
      (["--training-rows", "1"], "At least two rows train"),
    ] as [([String], String)])
  func refusals(arguments: [String], reason: String) async throws {
    // Of an option that is given twice the last counts.
    let ending = try await RunningCommand(Self.short + arguments, input: Self.table()).ending()
    #expect(ending.status == 2, "\(ending.output)")
    #expect(ending.errors.contains(reason), "\(ending.errors)")
  }
}

extension JSONValue {
  /// The elements of an array.
  fileprivate var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
}
