/// How the end of a request body is found.
package enum BodyFraming: Sendable, Hashable {
  case none
  case length(Int)
  case chunked

  /// Decides from the head (RFC 9112, section 6), refusing whatever two readers could understand differently.
  init(_ headers: HTTPHeaders, version: HTTPVersion, limit: Int) throws(HTTPError) {
    let lengths = headers.values(of: "Content-Length")
    let codings = headers.values(of: "Transfer-Encoding")
    switch (lengths.isEmpty, codings.isEmpty) {
    case (true, true):
      self = .none
    case (false, false):
      throw .conflictingFraming
    case (false, true):
      guard lengths.count == 1 else { throw .malformedContentLength }
      let length = try Self.length(lengths[0], limit: limit)
      self = length == 0 ? .none : .length(length)
    case (true, false):
      guard version == .http11 else { throw .malformedTransferCoding }
      try Self.check(codings: headers.list(of: "Transfer-Encoding"))
      self = .chunked
    }
  }

  private static func length(_ text: String, limit: Int) throws(HTTPError) -> Int {
    let digits = text.utf8
    guard !digits.isEmpty, digits.allSatisfy({ $0.decimalValue != nil }) else { throw .malformedContentLength }
    // Digits that do not fit an Int are a length past every limit.
    guard let length = Int(text), length <= limit else { throw .bodyTooLarge(limit: limit) }
    return length
  }

  private static func check(codings: [String]) throws(HTTPError) {
    let chunked = codings.filter { HTTPHeaders.matches($0, "chunked") }.count
    guard !codings.isEmpty, chunked <= 1 else { throw .malformedTransferCoding }
    guard chunked == codings.count else {
      let endsInChunked = codings.last.map { HTTPHeaders.matches($0, "chunked") } == true
      throw chunked == 1 && !endsInChunked ? .malformedTransferCoding : .unsupportedTransferCoding
    }
  }
}
