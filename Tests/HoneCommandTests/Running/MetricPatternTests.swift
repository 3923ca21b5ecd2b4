import HoneCommand
import Testing

struct MetricPatternTests {
  @Test(
    "The first group of a match is the value, or all of it",
    arguments: [
      ("loss=val_loss: ([0-9.e+-]+)", "epoch 3 val_loss: 2.5e-1 (best)", 0.25), ("loss=[0-9]+$", "it took 12", 12),
      ("loss=a=(.*)", "a=Infinity", .infinity),
    ])
  func value(argument: String, line: String, value: Double) throws {
    let reader = try #require(try MetricPattern(argument).reader)
    #expect(reader.metric == "loss")
    #expect(reader.value(in: line) == value)
  }

  @Test("A line that does not match, or whose group is no number, has no value", arguments: ["", "loss: x", "los: 3"])
  func noValue(line: String) throws {
    #expect(try #require(try MetricPattern("loss=loss: (.+)").reader).value(in: line) == nil)
  }

  @Test("What is no pattern is refused", arguments: ["loss", "=x", "loss=", "loss=("])
  func refused(argument: String) {
    #expect(throws: (any Error).self) { try MetricPattern(argument) }
  }
}
