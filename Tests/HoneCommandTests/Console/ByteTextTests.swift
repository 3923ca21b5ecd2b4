import HoneCommand
import Testing

@Suite("Sizes for people")
struct ByteTextTests {
  @Test(
    "A size has a unit and at most one decimal",
    arguments: [(0, "0 B"), (1_023, "1023 B"), (1_024, "1 KiB"), (1_536, "1.5 KiB"), (5 << 30, "5 GiB")])
  func text(bytes: Int, text: String) {
    #expect(ByteText.text(bytes) == text)
  }
}
