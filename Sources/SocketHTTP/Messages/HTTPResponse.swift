/// What a handler answers.
///
/// The server itself adds Date, Server, Content-Length or Transfer-Encoding, and Connection; fields of these names that
/// a handler sets are left out, except that `Connection: close` closes and that Content-Length is kept on HEAD.
public struct HTTPResponse: Sendable {
  /// The status, from 200 to 599.
  public var status: HTTPStatus

  /// The header fields.
  ///
  /// One whose name is no token or whose value holds CR, LF or NUL makes the answer a 500.
  public var headers: HTTPHeaders

  /// The body; never sent in answer to HEAD.
  public var body: ResponseBody

  /// What the handler tells ``HTTPServerConfiguration/onExchange`` about the exchange, by name; never sent.
  public var annotations: [String: String] = [:]

  /// Makes a response.
  public init(_ status: HTTPStatus = .ok, headers: HTTPHeaders = [:], body: ResponseBody = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Makes a response of UTF-8 text.
  public static func text(_ status: HTTPStatus = .ok, _ text: String) -> HTTPResponse {
    HTTPResponse(status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
  }
}
