import Foundation
import HoneCommand
import Testing
import TuningModel

struct NoticeDisplayTests {
  private static func display(_ goal: Goal = .minimise) throws -> NoticeDisplay {
    let definition = try StudyDefinition(
      "s", space: SearchSpace([Parameter("x", .float(FloatDomain(0, 1)))]), objectives: [Objective("loss", goal)])
    return NoticeDisplay(definition, best: nil, zone: try #require(TimeZone(identifier: "UTC")))
  }

  private static func notice(_ kind: String, _ details: JSONValue) -> StudyNotice {
    StudyNotice(sequence: 1, at: Timestamp(milliseconds: 3_723_000), kind: kind, trial: 7, details: details)
  }

  @Test("A line has the time, the trial, what happened and its values")
  func line() throws {
    var display = try Self.display()
    let details: JSONValue = ["parameters": ["x": 0.5, "kind": "a"], "worker": "node-1", "attempt": 1]
    #expect(
      display.line(Self.notice("started", details)) == "01:02:03  trial 7     started     kind=a x=0.5  (node-1)\n")
  }

  @Test("A result is marked where it is better than those before", arguments: [Goal.minimise, .maximise])
  func best(goal: Goal) throws {
    var display = try Self.display(goal)
    let marked = [2.0, 3, 1, 1].map { value in
      display.line(Self.notice("completed", ["metrics": ["loss": .number(value)]])).contains("best so far")
    }
    #expect(marked == (goal == .minimise ? [true, false, true, false] : [true, true, false, false]))
  }

  @Test("A report has its step, and the decision where the trial is to stop")
  func report() throws {
    var display = try Self.display()
    let details: JSONValue = ["step": 3, "metrics": ["loss": 0.5], "decision": ["action": "stop"]]
    #expect(display.line(Self.notice("reported", details)).hasSuffix("reported    step 3  loss=0.5  → stop\n"))
  }
}
