import HoneCommand
import Testing

@Suite("Texts of the kernel")
struct SystemFileTests {
  @Test("A text that comes in pieces is read to its end")
  func pieces() {
    let text = SystemFile.text("/proc/self/maps")
    // Longer than the page that one reading gives, with the stack near its end.
    #expect(text.utf8.count > 8_192 && text.contains("[stack]"))
  }

  @Test("What is not there is empty")
  func missing() {
    #expect(SystemFile.text("/proc/self/nothing").isEmpty)
  }
}
