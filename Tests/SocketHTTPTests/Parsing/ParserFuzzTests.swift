import SocketHTTP
import TestSupport
import Testing

@Suite struct ParserFuzzTests {
  private static let seeds = [
    "GET /v1/studies/a%2Fb?page_size=10&q=a+b HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\r\n",
    "POST /v1/studies HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"name\":\"ab\"}",
    "POST /t HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nA;x=y\r\n0123456789\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n",
    "GET http://example.com:80/x?y HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
    "OPTIONS * HTTP/1.0\r\n\r\nHEAD /é HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
  ]

  private static let fragments = [
    "\r\n", "\r", "\n", "\0", " ", "\t", ":", "%", "%00", "%zz", "/", "?", "#", "0", "ffffffffffffffffff",
    "99999999999999999999", "-1", "+5", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Host: x\r\n",
    "Expect: a\r\n", "HTTP/9.9", ";", "\r\n\r\n", "\u{7F}", "\u{FF}", ",", "chunked",
  ]

  @Test("No mutation of a request traps, costs more than linear time, or depends on how it is split", arguments: 0..<8)
  func mutations(batch: UInt64) {
    var random = SplitMix64(seed: 0x5EED + batch)
    var limits = HTTPLimits()
    (limits.bodyBytes, limits.fields, limits.headBytes, limits.requestLineBytes) = (64, 8, 512, 128)
    var accepted = 0
    for _ in 0..<5_000 {
      let bytes = Self.mutant(&random)
      let whole = ParserOutcome.of(bytes, limits: limits)
      let splits = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        Int.random(in: 0...bytes.count, using: &random)
      }
      let split = ParserOutcome.of(bytes, splitAt: splits.sorted(), limits: limits)
      #expect(whole == split, "\(String(decoding: bytes, as: UTF8.self).debugDescription) split at \(splits)")
      #expect(whole.examinedBytes <= bytes.count && split.examinedBytes <= bytes.count)
      #expect(whole.requests.allSatisfy { $0.body.count <= 64 && $0.headers.fields.count <= 8 })
      if !whole.requests.isEmpty { accepted += 1 }
    }
    // Mutants that are all refused, or all accepted, would test little.
    #expect((500..<4_500).contains(accepted))
  }

  private static func mutant(_ random: inout SplitMix64) -> [UInt8] {
    var bytes = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
    for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(contentsOf: fragments[Int.random(in: 0..<fragments.count, using: &random)].utf8, at: place)
      case 4: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &random)))
      default: bytes += bytes[..<place]
      }
    }
    return bytes
  }
}
