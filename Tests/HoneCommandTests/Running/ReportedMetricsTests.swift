import HoneCommand
import Testing
import TuningModel

struct ReportedMetricsTests {
  private static func output(_ lines: String...) -> ReportedMetrics {
    var reported = ReportedMetrics()
    for line in lines { _ = reported.read(output: LineSplitter.Line(bytes: Array(line.utf8))) }
    return reported
  }

  @Test("Of each metric the last value counts")
  func lastValue() {
    let reported = Self.output(#"hone: {"loss": 1, "time": 3}"#, "epoch 2", #"hone: {"loss": 0.5}"#)
    #expect(reported.values == ["loss": 0.5, "time": 3])
    #expect(reported.problem == nil)
  }

  @Test(
    "Other lines are no reports",
    arguments: ["loss 3", "hone: starting", "hone:", " hone: {}", "Hone: {\"loss\": 1}", "hone [1]"])
  func otherLines(line: String) {
    var reported = ReportedMetrics()
    let isReport = reported.read(output: LineSplitter.Line(bytes: Array(line.utf8)))
    #expect(!isReport)
    #expect(reported.values.isEmpty)
    #expect(reported.problem == nil)
  }

  @Test("The space after the colon may be missing")
  func noSpace() {
    #expect(Self.output(#"hone:{"loss":1}"#).values == ["loss": 1])
  }

  @Test("Numbers that are not finite are taken as strings and as Python writes them")
  func notFinite() {
    let reported = Self.output(#"hone: {"a": NaN, "b": -Infinity, "c": Infinity, "d": "Infinity", "e\" NaN": 1}"#)
    #expect(reported.values["a"]?.isNaN == true)
    #expect(reported.values["b"] == -.infinity)
    #expect(reported.values["c"] == .infinity)
    #expect(reported.values["d"] == .infinity)
    // The name was read as it stands, with no quotation marks put into it; it is just no name of a metric.
    #expect(reported.values.count == 4)
    #expect(reported.problem?.hasPrefix("a metric's name is not allowed") == true)
  }

  @Test(
    "A report that cannot be read is noted and changes nothing",
    arguments: [
      #"hone: {"loss": }"#, #"hone: {"loss": 2, "note": "good"}"#, #"hone: {"loss": [2]}"#, #"hone: {"loss": 2"#,
    ])
  func unreadable(line: String) {
    let reported = Self.output(#"hone: {"loss": 1}"#, line)
    #expect(reported.values == ["loss": 1])
    #expect(reported.problem != nil)
  }

  @Test("A report with a step is an intermediate measurement, and its values are no final ones")
  func steps() {
    var reported = Self.output(#"hone: {"loss": 1}"#, #"hone: {"step": 3, "loss": NaN, "time": 2}"#)
    #expect(reported.values == ["loss": 1])
    let taken = reported.takeMeasurements()
    #expect(taken.map(\.step) == [3])
    #expect(taken.first?.metrics["loss"]?.isNaN == true && taken.first?.metrics["time"] == 2)
    #expect(reported.takeMeasurements().isEmpty && reported.hasSteps)
  }

  @Test(
    "A step that is no whole number from 0, and a step alone, are noted",
    arguments: [#"hone: {"step": 1.5, "loss": 1}"#, #"hone: {"step": -1, "loss": 1}"#, #"hone: {"step": 4}"#])
  func unsoundSteps(line: String) {
    var reported = Self.output(line)
    #expect(reported.takeMeasurements().isEmpty && !reported.hasSteps)
    #expect(reported.values.isEmpty && reported.problem?.contains("step") == true)
  }

  @Test("In a study with a metric of that name a step is a metric")
  func stepMetric() {
    var reported = ReportedMetrics(readsSteps: false)
    reported.read(result: LineSplitter.Line(bytes: Array(#"{"step": 3, "loss": 1}"#.utf8)))
    #expect(reported.values == ["step": 3, "loss": 1])
    #expect(reported.takeMeasurements().isEmpty)
  }

  @Test("A report that was cut is noted")
  func cut() {
    var reported = ReportedMetrics()
    let isReport = reported.read(output: LineSplitter.Line(bytes: Array(#"hone: {"loss": 1}"#.utf8), isCut: true))
    #expect(isReport)
    #expect(reported.values.isEmpty)
    #expect(reported.problem != nil)
  }

  @Test("Lines of the result file are objects without a prefix; empty ones mean nothing")
  func resultFile() {
    var reported = ReportedMetrics()
    for line in [#"{"loss": 2}"#, "", "  ", #" {"loss": 1}"#] {
      reported.read(result: LineSplitter.Line(bytes: Array(line.utf8)))
    }
    #expect(reported.values == ["loss": 1])
    #expect(reported.problem == nil)
  }

  @Test("A program that invents metrics without end does not fill the memory")
  func manyMetrics() {
    var reported = ReportedMetrics()
    for number in 0..<2_000 {
      reported.read(result: LineSplitter.Line(bytes: Array(#"{"m\#(number)": 1}"#.utf8)))
    }
    #expect(reported.values.count == 1_000)
    #expect(reported.problem?.contains("too many") == true)
  }

  @Test("Standard errors stand beside the metrics, and one that is no number from 0 is left out")
  func standardErrors() {
    var reported = ReportedMetrics()
    var lines = LineSplitter()
    let text = #"hone: {"loss": 1, "standard_errors": {"loss": 0.25, "other": -1}}"# + "\n"
    Array(text.utf8).withUnsafeBytes { lines.take($0) { _ = reported.read(output: $0) } }
    #expect(reported.values == ["loss": 1])
    #expect(reported.standardErrors == ["loss": 0.25])
    #expect(reported.problem != nil)
  }
}
