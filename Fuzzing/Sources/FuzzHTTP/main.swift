import CFuzzer
import SocketHTTP

/// What a parser makes of some bytes.
struct Outcome: Equatable {
  var requests: [String] = []
  var error: HTTPError?
  var isIdle = true

  /// Feeds the bytes in pieces that end at the offsets, in ascending order, and at the end.
  init(_ bytes: ArraySlice<UInt8>, splitAt splits: [Int], limits: HTTPLimits) {
    var parser = RequestParser(limits: limits, remoteAddress: SocketAddress(host: "192.0.2.1", port: 1))
    var start = bytes.startIndex
    do throws(HTTPError) {
      for end in splits + [bytes.endIndex] {
        parser.feed(bytes[start..<end])
        start = end
        try takeSteps(of: &parser, limits)
      }
      isIdle = parser.isIdle
    } catch {
      self.error = error
    }
    precondition(parser.examinedBytes <= bytes.count, "bytes were examined twice")
  }

  private mutating func takeSteps(of parser: inout RequestParser, _ limits: HTTPLimits) throws(HTTPError) {
    while true {
      switch try parser.next() {
      case .needsMoreBytes: return
      case .expectsContinue: continue
      case .request(let request, let keepsAlive):
        precondition(request.body.count <= limits.bodyBytes && request.headers.fields.count <= limits.fields)
        // What handlers look at.
        _ = (request.segments, request.query.items, request.authority)
        requests.append("\(request.method) \(request.target) \(request.headers.fields) \(request.body) \(keepsAlive)")
      }
    }
  }
}

/// Reads the bytes at once and in pieces; the first byte says where to split.
let test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32 = { data, count in
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  guard let first = input.first else { return 0 }
  var limits = HTTPLimits()
  // Small, so that inputs reach them.
  (limits.bodyBytes, limits.fields, limits.headBytes, limits.requestLineBytes) = (64, 8, 512, 128)
  (limits.chunkExtensionBytes, limits.trailerBytes) = (16, 32)
  let bytes = input.dropFirst()
  let whole = Outcome(bytes, splitAt: [], limits: limits)
  let step = 1 + Int(first) % 23
  let pieces = Outcome(bytes, splitAt: Array(stride(from: 1 + step, to: input.count, by: step)), limits: limits)
  precondition(whole == pieces, "where the input is split matters: \(whole) and \(pieces)")
  return 0
}

var argumentCount = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
_ = LLVMFuzzerRunDriver(&argumentCount, &arguments, test)
