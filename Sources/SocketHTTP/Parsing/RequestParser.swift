/// Turns the bytes of a connection into requests.
///
/// A value without I/O: bytes go in through `feed`, requests come out of `next`, and what follows a request waits for
/// the next one. Time is linear in the bytes fed. After an error the parser is of no further use.
package struct RequestParser: Sendable {
  /// What there is to do.
  package enum Step: Sendable {
    /// Nothing more can be said before more bytes are fed.
    case needsMoreBytes
    /// The client waits for `100 Continue`; said once per request.
    case expectsContinue
    /// A complete request, and whether another may follow on the connection.
    case request(HTTPRequest, keepsAlive: Bool)
  }

  private enum Body: Sendable {
    case none
    case sized([UInt8], length: Int)
    case chunked(ChunkedBodyDecoder)
  }

  private var buffer: [UInt8] = []
  private var start = 0
  private var headParser: RequestHeadParser
  private var head: RequestHead?
  private var body = Body.none
  private var owesContinue = false
  private var examinedBefore = 0
  private let limits: HTTPLimits
  private let remoteAddress: SocketAddress

  /// Starts before the first request of a connection.
  package init(limits: HTTPLimits, remoteAddress: SocketAddress) {
    self.limits = limits
    self.remoteAddress = remoteAddress
    headParser = RequestHeadParser(limits: limits)
  }

  /// Whether nothing of a further request has been read, empty lines aside.
  package var isIdle: Bool { head == nil && !headParser.hasBegun }

  /// Whether a head is complete and its body is not.
  package var isReadingBody: Bool { head != nil }

  /// The request line of the request being read or refused, once it is known.
  package var line: RequestLine? { head?.line ?? headParser.line }

  /// Bytes examined so far, over all requests: no more than were fed.
  package var examinedBytes: Int {
    let examinedBody =
      switch body {
      case .none: 0
      case .sized(let bytes, _): bytes.count
      case .chunked(let decoder): decoder.position
      }
    return examinedBefore + headParser.position + examinedBody
  }

  /// Bytes of the body being read that are in memory.
  package var heldBodyBytes: Int {
    switch body {
    case .none: 0
    case .sized(let bytes, _): bytes.count
    case .chunked(let decoder): decoder.body.count
    }
  }

  /// Takes bytes that have arrived.
  package mutating func feed(_ bytes: ArraySlice<UInt8>) {
    buffer.append(contentsOf: bytes)
  }

  /// Reads on until there is something to do.
  package mutating func next() throws(HTTPError) -> Step {
    if head == nil {
      guard let head = try headParser.advance(in: buffer, from: start) else { return .needsMoreBytes }
      consume(headParser.position)
      examinedBefore += headParser.position
      headParser = RequestHeadParser(limits: limits)
      self.head = head
      owesContinue = head.expectsContinue
      body =
        switch head.framing {
        case .none: .sized([], length: 0)
        case .length(let length): .sized([], length: length)
        case .chunked: .chunked(ChunkedBodyDecoder(limits: limits))
        }
    }
    if let head, let whole = try readBody() {
      examinedBefore = examinedBytes
      body = .none
      self.head = nil
      return .request(request(head, body: whole), keepsAlive: head.keepsAlive)
    }
    // A client that already sends its body does not wait for the word.
    defer { owesContinue = false }
    return owesContinue && heldBodyBytes == 0 ? .expectsContinue : .needsMoreBytes
  }

  /// Moves what has arrived into the body; returns the body when it is complete.
  private mutating func readBody() throws(HTTPError) -> [UInt8]? {
    switch body {
    case .none:
      return nil
    case .sized(var bytes, let length):
      body = .none  // else growing would copy
      let count = min(length - bytes.count, buffer.count - start)
      bytes.append(contentsOf: buffer[start..<(start + count)])
      consume(count)
      body = .sized(bytes, length: length)
      return bytes.count == length ? bytes : nil
    case .chunked(var decoder):
      body = .none
      consume(try decoder.decode(buffer[start...]))
      body = .chunked(decoder)
      return decoder.isComplete ? decoder.body : nil
    }
  }

  private func request(_ head: RequestHead, body: [UInt8]) -> HTTPRequest {
    HTTPRequest(
      head.line.method, head.line.target, version: head.line.version, headers: head.headers, body: body,
      remoteAddress: remoteAddress)
  }

  /// Forgets bytes that have been read; moves the rest only when it is the smaller part, so that time stays linear.
  private mutating func consume(_ count: Int) {
    start += count
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= 4096)
      start = 0
    } else if start > buffer.count / 2 {
      buffer.removeSubrange(..<start)
      start = 0
    }
  }
}
