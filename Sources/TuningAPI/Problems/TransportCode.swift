/// What can be wrong with a request before any study is concerned; the raw value is the `code` on the wire.
public enum TransportCode: String, Hashable, Sendable, CaseIterable {
  /// What arrived is not an HTTP request.
  case badRequest = "bad_request"
  /// There is no such path.
  case notFound = "not_found"
  /// The path does not know the method.
  case methodNotAllowed = "method_not_allowed"
  /// The request did not arrive in time.
  case requestTimeout = "request_timeout"
  /// The body is too large.
  case contentTooLarge = "content_too_large"
  /// The request line is too long.
  case uriTooLong = "uri_too_long"
  /// The body is not of the media type that is asked for.
  case unsupportedMediaType = "unsupported_media_type"
  /// `Expect` asks for something that the server does not do.
  case expectationFailed = "expectation_failed"
  /// `Host` names a host that the server does not serve.
  case misdirectedRequest = "misdirected_request"
  /// The header fields are too many or too long.
  case headerFieldsTooLarge = "header_fields_too_large"
  /// The server failed.
  case internalError = "internal_error"
  /// The request uses a part of HTTP that the server does not have.
  case notImplemented = "not_implemented"
  /// The server does not speak this version of HTTP.
  case httpVersionNotSupported = "http_version_not_supported"
}
