import HoneCommand
import Testing

struct TableTests {
  @Test("Columns are aligned and lines end with their text")
  func alignment() {
    var table = Table(["A", "LONG"])
    table.add(["value", ""])
    table.add(["x", "y"])
    #expect(table.text == "A      LONG\nvalue\nx      y\n")
  }

  @Test("Control characters cannot reach the terminal, and long cells are cut")
  func cells() {
    #expect("a\u{1B}[31m\nb".onOneLine(atMost: 20) == "a [31m b")
    #expect("a\r\nb".onOneLine(atMost: 20) == "a  b")
    #expect("abcdef".onOneLine(atMost: 4) == "abc…")
  }

  @Test(
    "Durations read as people say them",
    arguments: [
      (Duration.milliseconds(900), "0s"), (.seconds(59), "59s"), (.seconds(65), "1m05s"), (.seconds(3_725), "1h02m05s"),
    ])
  func durations(duration: Duration, text: String) {
    #expect(NumberText.duration(duration) == text)
  }
}
