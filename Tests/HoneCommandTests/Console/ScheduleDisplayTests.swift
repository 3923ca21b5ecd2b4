import HoneCommand
import Testing
import TuningModel

@Suite("Schedules as text")
struct ScheduleDisplayTests {
  private let schedule = ParameterSchedule(
    trial: 4, member: 1, checkpoint: "c4", steps: 20,
    stages: [
      .init(step: 0, ["x": .float(0.5), "o": .string("a,\"b\"")]), .init(step: 10, ["x": .float(0.25)]),
    ], lineage: [])

  @Test("Comma-separated values have a column for each parameter, empty where it is inactive")
  func csv() {
    let display = ScheduleDisplay(schedule, parameters: ["x", "o"])
    #expect(display.csv == "step,x,o\r\n0,0.5,\"a,\"\"b\"\"\"\r\n10,0.25,\r\n")
  }

  @Test("The text names the best trial and its state")
  func text() {
    let text = ScheduleDisplay(schedule, parameters: ["x", "o"]).text
    #expect(text.hasPrefix("trial 4 of member 1 after 20 steps: c4\nSTEP  x     o\n"))
  }
}
