import HoneCommand
import Testing

struct TailBufferTests {
  private static func tail(_ chunks: [String], capacity: Int) -> String {
    var tail = TailBuffer(capacity: capacity)
    for chunk in chunks { Array(chunk.utf8).withUnsafeBytes { tail.take($0) } }
    return tail.text
  }

  @Test("A short text is kept whole, without the line break at its end")
  func short() {
    #expect(Self.tail(["one\n", "two\n\n"], capacity: 20) == "one\ntwo")
    #expect(Self.tail([], capacity: 20) == "")
  }

  @Test("Of a long text the last whole lines are kept")
  func long() {
    let lines = (1...1_000).map { "line \($0)\n" }
    #expect(Self.tail(lines, capacity: 25) == "line 999\nline 1000")
    #expect(Self.tail([lines.joined()], capacity: 25) == "line 999\nline 1000")
  }

  @Test("Of one endless line the last bytes are kept")
  func endless() {
    #expect(Self.tail(Array(repeating: "abc", count: 100), capacity: 4) == "cabc")
  }
}
