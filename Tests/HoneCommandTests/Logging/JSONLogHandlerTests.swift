import Foundation
import HoneCommand
import Logging
import Testing
import TuningModel

@Suite("The log as JSON")
struct JSONLogHandlerTests {
  private final class Lines: @unchecked Sendable {
    private let lock = NSLock()
    private var kept = ""
    var text: String { lock.withLock { kept } }
    func add(_ text: String) { lock.withLock { kept += text } }
  }

  @Test("Each message is one line that is a JSON object, whatever it holds")
  func lines() throws {
    let lines = Lines()
    var logger = Logger(label: "test") { _ in JSONLogHandler { lines.add($0) } }
    logger[metadataKey: "place"] = "here"
    logger.info("two\nlines \"quoted\" \u{1}", metadata: ["list": ["a", ["b": "c"]], "level": "forged", "n": "\(1)"])
    logger.debug("not written")
    logger.error("second")
    let text = lines.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(text.count == 3 && text[2].isEmpty)
    let first = try JSONValue(text: text[0].utf8)
    #expect(first["message"] == "two\nlines \"quoted\" \u{1}")
    #expect(first["level"] == "info")
    #expect(first["list"] == ["a", ["b": "c"]])
    #expect(first["place"] == "here" && first["n"] == "1")
    guard case .string(let time)? = first["time"] else {
      Issue.record("no time")
      return
    }
    #expect(Timestamp(text: time) != nil)
    #expect(try JSONValue(text: text[1].utf8)["level"] == "error")
  }
}
