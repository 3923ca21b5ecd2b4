/// Removes the chunked transfer coding (RFC 9112, section 7.1) while the body arrives.
///
/// Extensions are skipped and trailer fields checked and dropped; both are limited, as is the body, whose size is
/// refused at the chunk that would exceed it and before that chunk's data.
package struct ChunkedBodyDecoder: Sendable {
  private enum State: Sendable {
    case size(digits: Int, value: UInt64)
    case sizeExtension(UInt64)
    case sizeLineFeed(UInt64)
    case data(remaining: Int)
    case dataCarriageReturn
    case dataLineFeed
    case trailer
    case trailerLineFeed
    case done
  }

  /// The data of the chunks so far.
  package private(set) var body: [UInt8] = []

  /// Bytes examined so far, data included.
  package private(set) var position = 0

  private var state = State.size(digits: 0, value: 0)
  private var extensionBytes = 0
  private var trailerBytes = 0
  private var trailerLine: [UInt8] = []
  private let limits: HTTPLimits

  /// Starts before the first chunk.
  package init(limits: HTTPLimits) {
    self.limits = limits
  }

  /// Takes bytes of the body and returns how many of them it used; `isComplete` tells whether the rest is not the body's.
  package mutating func decode(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> Int {
    var index = bytes.startIndex
    defer { position += index - bytes.startIndex }
    while index < bytes.endIndex, !isComplete {
      if case .data(let remaining) = state {
        let count = min(remaining, bytes.endIndex - index)
        body.append(contentsOf: bytes[index..<(index + count)])
        index += count
        state = remaining == count ? .dataCarriageReturn : .data(remaining: remaining - count)
      } else {
        let byte = bytes[index]
        index += 1
        state = try next(byte)
      }
    }
    return index - bytes.startIndex
  }

  /// Whether the last chunk and the trailer have been read.
  package var isComplete: Bool {
    if case .done = state { true } else { false }
  }

  private mutating func next(_ byte: UInt8) throws(HTTPError) -> State {
    switch state {
    case .size(let digits, let value):
      if let digit = byte.hexadecimalValue {
        // Sixteen digits fill the value; more are refused even when they are zeros.
        guard digits < 16 else { throw .malformedChunk }
        return .size(digits: digits + 1, value: value << 4 | UInt64(digit))
      }
      guard digits > 0 else { throw .malformedChunk }
      if byte == .carriageReturn { return .sizeLineFeed(value) }
      guard byte == UInt8(ascii: ";") || byte.isBlank else { throw .malformedChunk }
      return try extended(value)
    case .sizeExtension(let value):
      if byte == .carriageReturn { return .sizeLineFeed(value) }
      guard !byte.isForbiddenControl else { throw .malformedChunk }
      return try extended(value)
    case .sizeLineFeed(let value):
      guard byte == .lineFeed else { throw .malformedChunk }
      if value == 0 { return .trailer }
      guard value <= UInt64(max(0, limits.bodyBytes - body.count)) else { throw .bodyTooLarge(limit: limits.bodyBytes) }
      return .data(remaining: Int(value))
    case .dataCarriageReturn:
      guard byte == .carriageReturn else { throw .malformedChunk }
      return .dataLineFeed
    case .dataLineFeed:
      guard byte == .lineFeed else { throw .malformedChunk }
      return .size(digits: 0, value: 0)
    case .trailer:
      return try trailer(byte)
    case .trailerLineFeed:
      guard byte == .lineFeed else { throw .malformedChunk }
      if trailerLine.isEmpty { return .done }
      _ = try HTTPHeaders.Field(line: trailerLine[...])
      trailerLine.removeAll(keepingCapacity: true)
      return .trailer
    case .data, .done:
      return state
    }
  }

  private mutating func extended(_ value: UInt64) throws(HTTPError) -> State {
    extensionBytes += 1
    guard extensionBytes <= limits.chunkExtensionBytes else {
      throw .chunkExtensionsTooLong(limit: limits.chunkExtensionBytes)
    }
    return .sizeExtension(value)
  }

  private mutating func trailer(_ byte: UInt8) throws(HTTPError) -> State {
    if byte == .carriageReturn { return .trailerLineFeed }
    guard !byte.isForbiddenControl else { throw .malformedChunk }
    trailerBytes += 1
    guard trailerBytes <= limits.trailerBytes else { throw .trailerTooLarge(limit: limits.trailerBytes) }
    trailerLine.append(byte)
    return .trailer
  }
}
