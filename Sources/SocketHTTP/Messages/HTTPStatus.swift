/// A response status code with its reason phrase.
public struct HTTPStatus: Hashable, Sendable, CustomStringConvertible {
  /// The three-digit code.
  public let code: Int

  /// Makes a status of any code; the server sends those from 200 to 599, and 500 instead of any other.
  public init(_ code: Int) {
    self.code = code
  }

  /// 200: the request succeeded.
  public static let ok = HTTPStatus(200)
  /// 201: a resource was made.
  public static let created = HTTPStatus(201)
  /// 202: taken on, not done yet.
  public static let accepted = HTTPStatus(202)
  /// 204: done, and nothing to say; never with a body.
  public static let noContent = HTTPStatus(204)
  /// 304: the client's copy is current; never with a body.
  public static let notModified = HTTPStatus(304)
  /// 400: the request cannot be understood.
  public static let badRequest = HTTPStatus(400)
  /// 401: credentials are missing or wrong.
  public static let unauthorized = HTTPStatus(401)
  /// 403: the credentials do not permit it.
  public static let forbidden = HTTPStatus(403)
  /// 404: there is no such resource.
  public static let notFound = HTTPStatus(404)
  /// 405: the resource has no such method; Allow lists those it has.
  public static let methodNotAllowed = HTTPStatus(405)
  /// 408: the request took too long to arrive.
  public static let requestTimeout = HTTPStatus(408)
  /// 409: the resource's state does not permit it.
  public static let conflict = HTTPStatus(409)
  /// 412: a condition of the request does not hold.
  public static let preconditionFailed = HTTPStatus(412)
  /// 413: the body is larger than the server takes.
  public static let contentTooLarge = HTTPStatus(413)
  /// 414: the target is longer than the server takes.
  public static let uriTooLong = HTTPStatus(414)
  /// 415: the body is of a type that the resource does not take.
  public static let unsupportedMediaType = HTTPStatus(415)
  /// 417: the server does not know what the Expect field asks for.
  public static let expectationFailed = HTTPStatus(417)
  /// 421: the request is for a host that this server does not serve.
  public static let misdirectedRequest = HTTPStatus(421)
  /// 422: understood, but not a possible request.
  public static let unprocessableContent = HTTPStatus(422)
  /// 429: this client asks too often.
  public static let tooManyRequests = HTTPStatus(429)
  /// 431: the head is larger than the server takes.
  public static let headerFieldsTooLarge = HTTPStatus(431)
  /// 500: the server failed.
  public static let internalServerError = HTTPStatus(500)
  /// 501: the server does not know the method or coding.
  public static let notImplemented = HTTPStatus(501)
  /// 503: the server cannot serve at present.
  public static let serviceUnavailable = HTTPStatus(503)
  /// 505: the server does not speak this major version.
  public static let versionNotSupported = HTTPStatus(505)

  /// The reason phrase of the HTTP registry, empty for a code without one.
  public var reason: String { Self.reasons[code] ?? "" }

  /// Code and reason, as in a status line.
  public var description: String { reason.isEmpty ? "\(code)" : "\(code) \(reason)" }

  /// Whether a response of this status never has a body (RFC 9110, section 6.4.1).
  var forbidsBody: Bool { code < 200 || code == 204 || code == 304 }

  private static let reasons: [Int: String] = [
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
    301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
    412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
    416: "Range Not Satisfiable", 417: "Expectation Failed", 421: "Misdirected Request",
    422: "Unprocessable Content", 426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
  ]
}
