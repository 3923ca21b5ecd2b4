import Instruments
import Testing

@Suite("Instruments")
struct InstrumentsTests {
  @Test("Numbers that many threads add are all counted")
  func concurrent() async {
    let (counter, gauge, histogram) = (Counter(), Gauge(), Histogram(bounds: [0.5]))
    let labelled = Labelled<Counter> { Counter() }
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for _ in 1...1_000 {
            counter.add()
            gauge.add(task.isMultiple(of: 2) ? 1 : -1)
            histogram.note(.milliseconds(task < 4 ? 250 : 1_000))
            labelled["\(task % 3)"].add()
          }
        }
      }
    }
    #expect(counter.value == 8_000 && gauge.value == 0)
    #expect(histogram.state.counts == [4_000, 4_000])
    #expect(abs(histogram.state.sum - 5_000) < 1e-3)
    #expect(labelled.all.map(\.labels) == [["0"], ["1"], ["2"]])
    #expect(labelled.all.map(\.instrument.value).reduce(0, +) == 8_000)
  }

  @Test("A duration belongs to the first class whose bound it does not pass; a negative one adds nothing")
  func classes() {
    let histogram = Histogram(bounds: [0.001, 1])
    for milliseconds in [-5, 0, 1, 2, 1_000, 1_001] { histogram.note(.milliseconds(milliseconds)) }
    #expect(histogram.state.counts == [3, 2, 1])
    #expect(abs(histogram.state.sum - 2.004) < 1e-9)
  }

  @Test("Labels are bounded in number: what comes after shares one")
  func bounded() {
    let labelled = Labelled<Counter> { Counter() }
    for label in 0..<5_000 { labelled["\(label)", "x"].add() }
    #expect(labelled.all.count == 1_001)
    #expect(labelled["other", "other"].value == 4_000)
  }

  @Test("The text escapes what it has to, and classes add up")
  func text() async {
    let odd = Labelled<Counter> { Counter() }
    odd["a\"b\\c\nd"].add(2)
    let histogram = Histogram(bounds: [0.5])
    histogram.note(.milliseconds(250))
    histogram.note(.seconds(2))
    let text = await PrometheusText.render([
      .counters("odd_total", "Odd\\ things\n.", by: ["what"], odd), .histogram("time_seconds", "Time.", histogram),
      .gauge("share", "A share.") { 0.1 }, .gauge("none", "Nothing.") { [] },
      .gauge("edge", "Edges.", by: ["of"]) { [(["a"], .nan), (["b"], -.infinity), (["c"], 1e300)] },
    ])
    #expect(
      text == #"""
        # HELP odd_total Odd\\ things\n.
        # TYPE odd_total counter
        odd_total{what="a\"b\\c\nd"} 2
        # HELP time_seconds Time.
        # TYPE time_seconds histogram
        time_seconds_bucket{le="0.5"} 1
        time_seconds_bucket{le="+Inf"} 2
        time_seconds_sum 2.25
        time_seconds_count 2
        # HELP share A share.
        # TYPE share gauge
        share 0.1
        # HELP edge Edges.
        # TYPE edge gauge
        edge{of="a"} NaN
        edge{of="b"} -Inf
        edge{of="c"} 1e+300

        """#)
  }
}
