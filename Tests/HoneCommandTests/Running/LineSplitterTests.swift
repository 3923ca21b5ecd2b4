import HoneCommand
import Testing

struct LineSplitterTests {
  private static func lines(_ chunks: [String], limit: Int = 100) -> [LineSplitter.Line] {
    var splitter = LineSplitter(limit: limit)
    var lines: [LineSplitter.Line] = []
    for chunk in chunks { Array(chunk.utf8).withUnsafeBytes { splitter.take($0) { lines.append($0) } } }
    splitter.finish { lines.append($0) }
    return lines
  }

  private static func texts(_ chunks: [String]) -> [String] {
    lines(chunks).map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test("Lines are found across chunks, whatever the chunks are")
  func chunks() {
    let text = "one\n\nthree\r\nfour"
    let expected = ["one", "", "three", "four"]
    #expect(Self.texts([text]) == expected)
    #expect(Self.texts(text.map(String.init)) == expected)
  }

  @Test("A text that ends with a line break has no empty line after it")
  func lastLine() {
    #expect(Self.texts(["one\n"]) == ["one"])
    #expect(Self.texts([]).isEmpty)
  }

  @Test("A line longer than the limit is cut, says so, and leaves the next one whole")
  func longLine() {
    let lines = Self.lines(["abc", "defgh\nxy\n"], limit: 4)
    #expect(
      lines == [
        LineSplitter.Line(bytes: Array("abcd".utf8), isCut: true),
        LineSplitter.Line(bytes: Array("xy".utf8), isCut: false),
      ])
  }

  @Test("Lines without the prefix are dropped, whatever the chunks are", arguments: [1, 2, 3, 100])
  func prefix(size: Int) {
    var splitter = LineSplitter(prefix: "ab")
    var lines: [String] = []
    let bytes = Array("abc\nxab\n\na\nab\nb\nabx".utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { chunk in
        splitter.take(chunk) { lines.append(String(decoding: $0.bytes, as: UTF8.self)) }
      }
    }
    splitter.finish { lines.append(String(decoding: $0.bytes, as: UTF8.self)) }
    #expect(lines == ["abc", "ab", "abx"])
  }

  @Test("A line just as long as the limit is whole")
  func limit() {
    #expect(Self.lines(["abcd\n"], limit: 4).map(\.isCut) == [false])
  }
}
