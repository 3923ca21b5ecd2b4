import Testing
import Tuners
import TuningModel

@Suite("A schedule gone through again")
struct FixedScheduleTests {
  private static let stages: JSONValue = [
    ["step": 0, "parameters": ["x": 0.5]], ["step": 4, "parameters": ["x": 0.25]],
    ["step": 10, "parameters": ["x": 1]],
  ]

  private func study(_ options: [String: JSONValue] = [:]) throws -> StudyDefinition {
    let standard: [String: JSONValue] = ["name": "fixed_schedule", "schedule": Self.stages, "max_steps": 14]
    return try StudyDefinition(
      .object([
        "name": "s", "parameters": [["name": "x", "type": "float", "low": 0, "high": 1]],
        "objectives": [["metric": "loss", "goal": "minimize"]], "tuner": .object(standard.merging(options) { $1 }),
      ]))
  }

  /// The parts of a tuner's trials, each told or failed as it is handed out.
  private func parts(
    _ options: [String: JSONValue], failing: Set<TrialNumber> = []
  ) throws -> (parts: [(resume: Resume, x: Double)], end: TunerError?) {
    var tuner = try FixedScheduleTuner(for: study(options))
    var parts: [(Resume, Double)] = []
    for number in 1...100 {
      let suggestion: Suggestion
      do throws(TunerError) {
        suggestion = try tuner.suggest(number..<number + 1, seed: 1)[0]
      } catch {
        return (parts, error)
      }
      parts.append((try #require(suggestion.resume), suggestion.parameters["x"]?.number ?? 0))
      tuner.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
      let end: TrialEvent.Kind =
        failing.contains(number)
        ? .failed(reason: "") : .completed(Measurement(["loss": 1], checkpoint: "c\(number)"))
      tuner.observe(TrialEvent(number, end))
    }
    return (parts, nil)
  }

  @Test("A member trains through the stages, each part from the state before")
  func stages() throws {
    let (parts, end) = try parts([:])
    #expect(parts.map(\.x) == [0.5, 0.25, 1])
    #expect(parts.map(\.resume.stepFrom) == [0, 4, 10])
    #expect(parts.map(\.resume.stepTo) == [4, 10, 14])
    #expect(parts.map(\.resume.checkpoint) == [nil, "c1", "c2"])
    #expect(end == .finished("Every member has gone through the schedule."))
  }

  @Test("Parts are at most an interval long and end where a stage does")
  func interval() throws {
    let parts = try parts(["interval": 3]).parts
    #expect(parts.map(\.resume.stepTo) == [3, 4, 7, 10, 13, 14])
    #expect(parts.map(\.x) == [0.5, 0.5, 0.25, 0.25, 1, 1])
  }

  @Test("Members take turns, and one that fails ends by itself")
  func members() throws {
    let (parts, end) = try parts(["members": 2], failing: [3])
    #expect(parts.map(\.resume.member) == [0, 1, 0, 1, 1])
    guard case .finished(let reason) = end else {
      Issue.record("it did not end")
      return
    }
    #expect(reason.contains("Trials 3 "))
  }

  @Test("Nothing is handed out while all members are under way")
  func waiting() throws {
    let tuner = try FixedScheduleTuner(for: study())
    #expect(try tuner.suggest(1..<3, seed: 1).count == 1)
    var begun = tuner
    begun.observe(TrialEvent(1, .started(try tuner.suggest(1..<2, seed: 1)[0], worker: nil, attempt: 1)))
    #expect(throws: TunerError.waiting("Every member is under way.")) { try begun.suggest(2..<3, seed: 1) }
  }

  @Test("A snapshot is taken up as it was, and checkpoints are needed that members go on from")
  func snapshot() throws {
    var tuner = try FixedScheduleTuner(for: study())
    tuner.observe(TrialEvent(1, .started(try tuner.suggest(1..<2, seed: 1)[0], worker: nil, attempt: 1)))
    tuner.observe(TrialEvent(1, .completed(Measurement(["loss": 1], checkpoint: "c1"))))
    var restored = try FixedScheduleTuner(for: study())
    try restored.restore(try JSONValue(text: tuner.snapshot.text))
    #expect(try restored.suggest(2..<3, seed: 1) == tuner.suggest(2..<3, seed: 1))
    #expect(tuner.neededCheckpoints == ["c1"])
  }

  @Test(
    "What is no schedule of the space is refused where it stands",
    arguments: [
      (["schedule": .null], ["/tuner/schedule"]), (["max_steps": .null], ["/tuner/max_steps"]),
      (["max_steps": 10], ["/tuner/max_steps"]),
      (["schedule": [["step": 1, "parameters": ["x": 0]]]], ["/tuner/schedule/0/step"]),
      (
        ["schedule": [["step": 0, "parameters": ["x": 2]], ["step": 0, "parameters": ["y": 1]]]],
        ["/tuner/schedule/0/parameters/x", "/tuner/schedule/1/parameters/y", "/tuner/schedule/1/step"]
      ),
      (["schedule": [["step": 0, "values": [:]]]], ["/tuner/schedule/0/parameters", "/tuner/schedule/0/values"]),
      (["schedule": ["x"]], ["/tuner/schedule/0"]),
    ] as [([String: JSONValue], [String])])
  func refusals(options: [String: JSONValue], pointers: [String]) throws {
    let study = try study(options)
    do throws(TunerError) {
      _ = try FixedScheduleTuner(for: study)
      Issue.record("it was not refused")
    } catch {
      guard case .unsupported(let mistakes) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(Set(mistakes.map(\.pointer)) == Set(pointers))
    }
  }
}
