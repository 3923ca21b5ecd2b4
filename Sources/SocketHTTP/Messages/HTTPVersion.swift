/// A protocol version that the server speaks.
///
/// A later minor version of HTTP/1 is served as HTTP/1.1 (RFC 9110, section 2.5); another major version is refused.
public enum HTTPVersion: String, Sendable {
  /// Closes after every response.
  case http10 = "HTTP/1.0"
  /// Stays open unless either side says otherwise.
  case http11 = "HTTP/1.1"
}
