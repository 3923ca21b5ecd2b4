import HoneCommand
import Testing
import TuningModel

struct RunTallyTests {
  private static func tally(_ goal: Goal = .minimise) throws -> RunTally {
    let space = try SearchSpace([Parameter("x", .float(FloatDomain(0, 1)))])
    return RunTally(
      try StudyDefinition(
        "s", space: space, objectives: [Objective("loss", goal)],
        outcomeConstraints: [OutcomeConstraint("time", .atMost(10))]))
  }

  private static func trial(_ number: Int, _ loss: Double, time: Double = 1, _ state: TrialState = .completed) -> Trial
  {
    Trial(
      number: number, state: state, parameters: [:], origin: SuggestionOrigin(tuner: "random"),
      measurement: Measurement(["loss": loss, "time": time]), createdAt: Timestamp(milliseconds: 0),
      startedAt: Timestamp(milliseconds: 0))
  }

  @Test("The best trial keeps the constraints and has the best objective", arguments: [Goal.minimise, .maximise])
  func best(goal: Goal) throws {
    var tally = try Self.tally(goal)
    for trial in [
      Self.trial(1, 5), Self.trial(2, 3), Self.trial(3, 7), Self.trial(4, 1, time: 11), Self.trial(5, 9, time: 11),
      Self.trial(6, .infinity, .infeasible), Self.trial(7, .nan, .failed),
    ] {
      tally.record(.started)
      tally.record(.finished(trial))
    }
    #expect(tally.best?.number == (goal == .minimise ? 2 : 3))
    #expect(tally.finished == [.completed: 5, .infeasible: 1, .failed: 1])
    #expect(tally.running == 0)
  }

  @Test("Trials given back and lost are counted apart and are no longer running")
  func otherEndings() throws {
    var tally = try Self.tally()
    for _ in 1...3 { tally.record(.started) }
    tally.record(.gaveBack)
    tally.record(.lost)
    #expect([tally.running, tally.givenBack, tally.lost, tally.finishedCount] == [1, 1, 1, 0])
  }

  @Test("The progress line fits its width and shows what counts")
  func progressLine() throws {
    var tally = try Self.tally()
    tally.record(.started)
    tally.record(.finished(Self.trial(1, 0.123456789)))
    tally.record(.started)
    let line = ProgressLine(tally, total: 4, elapsed: .seconds(75))
    #expect(line.text(width: 200) == "[#####---------------] 1/4  best loss 0.123457 (trial 1)  1 running  1m15s")
    #expect(line.text(width: 20).count == 20)
    #expect(ProgressLine(tally, total: nil, elapsed: .zero).text(width: 200).hasPrefix("1 done"))
  }
}
