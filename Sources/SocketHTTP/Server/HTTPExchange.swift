/// One request and its answer, as an access log or metrics want them.
public struct HTTPExchange: Sendable {
  /// How an exchange ended.
  public enum Outcome: Sendable, Hashable {
    /// The whole answer was handed to the network.
    case answered
    /// The server itself answered, for this reason.
    case rejected(HTTPError)
    /// The client went, a deadline for writing passed, or a stream failed.
    case aborted
  }

  /// Whose connection it was.
  public let remoteAddress: SocketAddress

  /// The method, nil when the request line could not be read.
  public let method: HTTPMethod?

  /// The target as it was sent, nil when the request line could not be read.
  public let target: String?

  /// The status that was sent, nil when the exchange ended before there was one.
  public let status: HTTPStatus?

  /// The header fields of the response as its handler gave them.
  public let responseHeaders: HTTPHeaders

  /// What the handler noted for the log.
  public let annotations: [String: String]

  /// Bytes handed to the network for this response, head included.
  public let bytesSent: Int

  /// From the first byte of the request to the last of the response.
  public let duration: Duration

  /// How it ended.
  public let outcome: Outcome
}
