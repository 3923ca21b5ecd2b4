import SocketHTTP

/// All that a parser makes of some bytes.
struct ParserOutcome: Equatable {
  var requests: [HTTPRequest] = []
  var keepsAlive: [Bool] = []
  var error: HTTPError?
  var isIdle = true
  var examinedBytes = 0

  static func of(_ text: String) -> ParserOutcome { of(Array(text.utf8)) }

  /// Feeds the bytes in pieces that end at the given offsets, in ascending order, and at the end.
  static func of(_ bytes: [UInt8], splitAt splits: [Int] = [], limits: HTTPLimits = HTTPLimits()) -> ParserOutcome {
    var outcome = ParserOutcome()
    var parser = RequestParser(limits: limits, remoteAddress: SocketAddress(host: "192.0.2.1", port: 1))
    var start = 0
    do throws(HTTPError) {
      for end in splits + [bytes.count] {
        parser.feed(bytes[start..<end])
        start = end
        try outcome.takeSteps(of: &parser)
      }
    } catch {
      outcome.error = error
    }
    outcome.isIdle = parser.isIdle
    outcome.examinedBytes = parser.examinedBytes
    return outcome
  }

  private mutating func takeSteps(of parser: inout RequestParser) throws(HTTPError) {
    while true {
      switch try parser.next() {
      case .needsMoreBytes: return
      case .expectsContinue: continue
      case .request(let request, let keepsAlive):
        requests.append(request)
        self.keepsAlive.append(keepsAlive)
      }
    }
  }

  /// Where input is split changes neither what is read nor why it is refused; only how much had been fed by then.
  static func == (one: ParserOutcome, other: ParserOutcome) -> Bool {
    one.error == other.error && one.keepsAlive == other.keepsAlive && (one.error != nil || one.isIdle == other.isIdle)
      && one.requests.elementsEqual(other.requests) {
        $0.method == $1.method && $0.target == $1.target && $0.headers == $1.headers && $0.body == $1.body
      }
  }
}
