import HoneCommand
import Testing

@Suite("Axes")
struct AxisTests {
  @Test("Ticks are round, lie between the ends and are about as many as asked for")
  func linear() {
    #expect(Axis(0, 1).ticks(5) == [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1])
    #expect(Axis(-3.2, 7.9).ticks(5) == [0, 5])
  }

  @Test("Over many decades every so many has a tick, and within one there are at least two")
  func logarithmic() {
    let wide = Axis(1e-30, 1, isLogarithmic: true).ticks(5)
    #expect(wide.count >= 3 && wide.count <= 7)
    #expect(Axis(0.0011, 0.0019, isLogarithmic: true).ticks(4).count >= 2)
  }

  @Test("A log axis puts equal ratios at equal distances", arguments: [(0.001, 0.0), (0.1, 0.5), (10, 1)])
  func ratios(_ value: Double, _ position: Double) {
    let axis = Axis(0.001, 10, isLogarithmic: true)
    #expect(abs(axis.position(of: value) - position) < 1e-12)
    #expect(abs(axis.value(at: position) / value - 1) < 1e-12)
  }

  @Test("An axis over one value has room on either side")
  func single() {
    let axis = Axis(covering: [3])
    #expect(axis.low < 3 && axis.high > 3)
    #expect(abs(axis.position(of: 3) - 0.5) < 1e-12)
  }

  @Test("The largest numbers have places, and what is no number stands at the end")
  func extreme() {
    let axis = Axis(-1.7e308, 1.7e308)
    #expect(axis.position(of: 0) == 0.5)
    #expect(axis.position(of: .infinity) == 1 && axis.position(of: -.infinity) == 0)
    #expect(axis.position(of: .nan) == 1)
  }

  @Test("Categories stand evenly and have their names")
  func categories() {
    let axis = Axis(["a", "b"], label: "c")
    #expect(axis.ticks(9).map(axis.text(of:)) == ["a", "b"])
    #expect([0.0, 1].map(axis.position(of:)) == [0.25, 0.75])
  }

  @Test("Axes of whole numbers have no other ticks")
  func whole() {
    var axis = Axis(1, 3)
    axis.isWhole = true
    #expect(axis.ticks(8) == [1, 2, 3])
  }
}
