public import Foundation

/// A complete request: its framing has been checked and its body is in memory.
public struct HTTPRequest: Sendable {
  /// The method, case-sensitive.
  public var method: HTTPMethod

  /// The target with its decoded path and query.
  public var target: RequestTarget

  /// The version as served.
  public var version: HTTPVersion

  /// The header fields; those of a trailer are not among them.
  public var headers: HTTPHeaders

  /// The body with its transfer coding removed, empty when there is none.
  public var body: [UInt8]

  /// Whose connection it came over; a proxy's when there is one in front.
  public var remoteAddress: SocketAddress

  /// Makes a request, as tests of handlers do; the server makes its own from what it parses.
  public init(
    _ method: HTTPMethod, _ target: RequestTarget, version: HTTPVersion = .http11, headers: HTTPHeaders = [:],
    body: [UInt8] = [], remoteAddress: SocketAddress = SocketAddress(host: "127.0.0.1", port: 0)
  ) {
    self.method = method
    self.target = target
    self.version = version
    self.headers = headers
    self.body = body
    self.remoteAddress = remoteAddress
  }

  /// The decoded segments of the path: `/v1/studies/a%2Fb` has `v1`, `studies` and `a/b`.
  public var segments: [String] { target.segments }

  /// The decoded query.
  public var query: QueryItems { target.query }

  /// The host and port that the client asked for.
  public var authority: String? { target.authority ?? headers["Host"] }

  /// The body as Data, copied, as decoders want it.
  public var data: Data { Data(body) }
}
