/// Why the server itself refused a request, or could not send a handler's response.
public enum HTTPError: Error, Hashable, Sendable {
  /// The first line is not `method target version` with single spaces.
  case malformedRequestLine
  /// Not HTTP/1: 505.
  case unsupportedVersion
  /// CONNECT: 501.
  case unsupportedMethod
  /// Past ``HTTPLimits/requestLineBytes``: 414.
  case requestLineTooLong(limit: Int)
  /// Past ``HTTPLimits/headBytes``: 431.
  case headTooLarge(limit: Int)
  /// Past ``HTTPLimits/fields``: 431.
  case tooManyFields(limit: Int)
  /// A field without colon, or with something other than a token before it.
  case malformedField
  /// A line that begins with white space.
  case foldedField
  /// A control character, or one beyond ASCII in the request line.
  case forbiddenByte
  /// CR without LF or LF without CR.
  case bareLineEnding
  /// A target of no known form.
  case malformedTarget
  /// A bad escape, or not UTF-8 once decoded.
  case malformedPercentEncoding
  /// HTTP/1.1 without Host.
  case missingHost
  /// Host twice, or with characters that a host does not have.
  case malformedHost
  /// Content-Length twice, or not digits alone.
  case malformedContentLength
  /// Content-Length and Transfer-Encoding together.
  case conflictingFraming
  /// Transfer-Encoding that does not end in one `chunked`, or over HTTP/1.0.
  case malformedTransferCoding
  /// A coding other than `chunked`: 501.
  case unsupportedTransferCoding
  /// An expectation other than `100-continue`: 417.
  case unsupportedExpectation
  /// Past ``HTTPLimits/bodyBytes``: 413.
  case bodyTooLarge(limit: Int)
  /// A chunk or trailer with wrong syntax.
  case malformedChunk
  /// Past ``HTTPLimits/chunkExtensionBytes``.
  case chunkExtensionsTooLong(limit: Int)
  /// Past ``HTTPLimits/trailerBytes``: 431.
  case trailerTooLarge(limit: Int)
  /// The client closed its direction within a request.
  case incompleteRequest
  /// Past ``HTTPDeadlines/head``: 408.
  case headTimeout
  /// Past ``HTTPDeadlines/body``: 408.
  case bodyTimeout
  /// Past ``HTTPLimits/connections``, or out of file descriptors: 503.
  case tooManyConnections
  /// Past ``HTTPLimits/bodyBytesInAll``: 503.
  case tooManyBodyBytes
  /// The handler returned a response that cannot be sent safely; the text says what is wrong with it.
  case invalidResponse(String)

  /// The status that answers the request.
  public var status: HTTPStatus { facts.status }

  /// A name that stays the same between versions, for metrics and problem documents: `body_too_large`.
  public var code: String { facts.code }

  /// One sentence for the client; it repeats nothing that the client sent.
  public var detail: String { facts.detail }

  private typealias Facts = (status: HTTPStatus, code: String, detail: String)

  private var facts: Facts {
    switch self {
    case .malformedRequestLine:
      (.badRequest, "malformed_request_line", "The request line is not `method target HTTP/version`.")
    case .unsupportedVersion:
      (.versionNotSupported, "unsupported_version", "This server speaks HTTP/1.1 and HTTP/1.0.")
    case .unsupportedMethod:
      (.notImplemented, "unsupported_method", "This server is not a proxy and does not serve CONNECT.")
    case .requestLineTooLong(let limit):
      (.uriTooLong, "request_line_too_long", "The request line is longer than \(limit) bytes.")
    case .headTooLarge(let limit):
      (.headerFieldsTooLarge, "head_too_large", "The request head is larger than \(limit) bytes.")
    case .tooManyFields(let limit):
      (.headerFieldsTooLarge, "too_many_fields", "The request has more than \(limit) header fields.")
    case .malformedField:
      (.badRequest, "malformed_field", "A header field is not `name: value`.")
    case .foldedField:
      (.badRequest, "folded_field", "A header field is folded over several lines.")
    case .forbiddenByte:
      (.badRequest, "forbidden_byte", "The request head holds a byte that HTTP does not allow there.")
    case .bareLineEnding:
      (.badRequest, "bare_line_ending", "Lines end in CR LF; this one has one without the other.")
    case .malformedTarget:
      (.badRequest, "malformed_target", "The request target is not a path, an http URL, or `*` with OPTIONS.")
    case .malformedPercentEncoding:
      (.badRequest, "malformed_percent_encoding", "The request target is not percent-encoded UTF-8.")
    case .missingHost:
      (.badRequest, "missing_host", "An HTTP/1.1 request has a Host field.")
    case .malformedHost:
      (.badRequest, "malformed_host", "The Host field is repeated or is not `host:port`.")
    case .malformedContentLength:
      (.badRequest, "malformed_content_length", "Content-Length is one decimal number, given once.")
    case .conflictingFraming:
      (.badRequest, "conflicting_framing", "A request has Content-Length or Transfer-Encoding, not both.")
    case .malformedTransferCoding:
      (.badRequest, "malformed_transfer_coding", "Transfer-Encoding of an HTTP/1.1 request ends in `chunked`, once.")
    case .unsupportedTransferCoding:
      (.notImplemented, "unsupported_transfer_coding", "The only transfer coding of this server is `chunked`.")
    case .unsupportedExpectation:
      (.expectationFailed, "unsupported_expectation", "The only expectation of this server is `100-continue`.")
    case .bodyTooLarge(let limit):
      (.contentTooLarge, "body_too_large", "The request body is larger than \(limit) bytes.")
    case .malformedChunk:
      (.badRequest, "malformed_chunk", "The chunked request body is malformed.")
    case .chunkExtensionsTooLong(let limit):
      (.badRequest, "chunk_extensions_too_long", "The chunk extensions are longer than \(limit) bytes.")
    case .trailerTooLarge(let limit):
      (.headerFieldsTooLarge, "trailer_too_large", "The trailer is larger than \(limit) bytes.")
    case .incompleteRequest:
      (.badRequest, "incomplete_request", "The connection was closed before the request was complete.")
    case .headTimeout:
      (.requestTimeout, "head_timeout", "The request head took too long to arrive.")
    case .bodyTimeout:
      (.requestTimeout, "body_timeout", "The request body took too long to arrive.")
    case .tooManyConnections:
      (.serviceUnavailable, "too_many_connections", "The server holds as many connections as it can.")
    case .tooManyBodyBytes:
      (.serviceUnavailable, "too_many_body_bytes", "The server holds as many request bodies as it can.")
    case .invalidResponse:
      (.internalServerError, "invalid_response", "The server could not make a valid response.")
    }
  }
}
