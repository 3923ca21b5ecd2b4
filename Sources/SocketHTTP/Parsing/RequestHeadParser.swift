/// Reads a request head line by line while it arrives.
///
/// Every byte is examined once, wherever the input is split; a byte that cannot be part of a head is refused at once,
/// as is a line when it ends, so that garbage gets its answer before a deadline does.
package struct RequestHeadParser: Sendable {
  /// Bytes examined so far.
  package private(set) var position = 0

  /// The request line once it is complete.
  package private(set) var line: RequestLine?

  /// Whether anything but empty lines has been read.
  package var hasBegun: Bool { line != nil || position > lineStart }

  private var lineStart = 0
  private var expectsLineFeed = false
  private var headers = HTTPHeaders()
  private let limits: HTTPLimits

  /// Starts before the first byte of a request.
  package init(limits: HTTPLimits) {
    self.limits = limits
  }

  /// Goes on in a buffer whose bytes from `start` on are this request's, at the first byte not yet examined.
  ///
  /// Returns the head when it is complete; `position` is then its length.
  package mutating func advance(in buffer: [UInt8], from start: Int) throws(HTTPError) -> RequestHead? {
    while start + position < buffer.count {
      let byte = buffer[start + position]
      position += 1
      if position > limits.headBytes { throw .headTooLarge(limit: limits.headBytes) }
      if expectsLineFeed {
        guard byte == .lineFeed else { throw .bareLineEnding }
        expectsLineFeed = false
        let content = buffer[(start + lineStart)..<(start + position - 2)]
        lineStart = position
        if let head = try take(content) { return head }
      } else if byte == .carriageReturn {
        expectsLineFeed = true
      } else {
        try check(byte)
      }
    }
    return nil
  }

  private func check(_ byte: UInt8) throws(HTTPError) {
    if byte == .lineFeed { throw .bareLineEnding }
    if byte.isForbiddenControl { throw .forbiddenByte }
    guard line == nil else { return }
    if byte != .space && !byte.isVisibleASCII { throw .forbiddenByte }
    if position - lineStart > limits.requestLineBytes { throw .requestLineTooLong(limit: limits.requestLineBytes) }
    if position - lineStart == 1 && !byte.isToken { throw .malformedRequestLine }
  }

  private mutating func take(_ content: ArraySlice<UInt8>) throws(HTTPError) -> RequestHead? {
    guard let line else {
      // Empty lines before a request are skipped (RFC 9112, section 2.2); they count towards the head.
      if !content.isEmpty { self.line = try RequestLine(content) }
      return nil
    }
    if content.isEmpty { return try RequestHead(line: line, headers: headers, bodyLimit: limits.bodyBytes) }
    guard headers.fields.count < limits.fields else { throw .tooManyFields(limit: limits.fields) }
    let field = try HTTPHeaders.Field(line: content)
    headers.append(field.name, field.value)
    return nil
  }
}
