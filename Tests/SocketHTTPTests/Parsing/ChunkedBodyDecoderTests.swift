import SocketHTTP
import Testing

@Suite struct ChunkedBodyDecoderTests {
  private func decode(_ text: String, limits: HTTPLimits = HTTPLimits()) throws(HTTPError) -> ([UInt8], used: Int)? {
    var decoder = ChunkedBodyDecoder(limits: limits)
    let used = try decoder.decode(Array(text.utf8)[...])
    return decoder.isComplete ? (decoder.body, used) : nil
  }

  @Test("Chunks are joined, extensions and trailer dropped, and what follows is left alone")
  func decodes() throws {
    let text = "3\r\nabc\r\n000A ; n=\"v\"\r\n0123456789\r\n0\r\nT: x\r\n\r\n"
    let (body, used) = try #require(try decode(text + "GET"))
    #expect(body == Array("abc0123456789".utf8))
    #expect(used == text.utf8.count)
  }

  @Test(
    "Malformed chunks are refused",
    arguments: [
      "\r\n", "g\r\n", "-1\r\n", "+1\r\n", " 1\r\n", "0x1\r\n", "1\n", "1\r\nab", "1\r\na\rb", "1\r\na\n", ";x\r\n",
      "00000000000000001\r\n", "1;\0\r\n", "0\r\n folded\r\n", "0\r\nno colon\r\n", "0\r\nT: a\nb",
      "FFFFFFFFFFFFFFFFF\r\n",
    ])
  func malformed(text: String) {
    #expect(throws: HTTPError.self) { try decode(text) }
  }

  @Test(
    "A size is refused when it is announced, also one that no Int holds",
    arguments: ["5", "FFFFFFFFFFFFFFFF", "8000000000000000"])
  func tooLarge(size: String) {
    var limits = HTTPLimits()
    limits.bodyBytes = 4
    #expect(throws: HTTPError.bodyTooLarge(limit: 4)) { try decode("\(size)\r\n", limits: limits) }
  }

  @Test("The limit is on the sum of chunks")
  func sum() {
    var limits = HTTPLimits()
    limits.bodyBytes = 4
    #expect(throws: HTTPError.bodyTooLarge(limit: 4)) { try decode("3\r\nabc\r\n2\r\n", limits: limits) }
  }

  @Test("Extensions and trailers are limited over the whole body")
  func overhead() {
    var limits = HTTPLimits()
    (limits.chunkExtensionBytes, limits.trailerBytes) = (4, 4)
    #expect(throws: HTTPError.chunkExtensionsTooLong(limit: 4)) { try decode("1;ab\r\na\r\n1;ab\r\n", limits: limits) }
    #expect(throws: HTTPError.trailerTooLarge(limit: 4)) { try decode("0\r\na:b\r\nc:d\r\n", limits: limits) }
  }
}
