import Foundation

/// Writes responses as bytes.
package struct ResponseSerialiser {
  /// What a response answers, as far as its form depends on it.
  package struct Context {
    package let method: HTTPMethod?
    package let version: HTTPVersion
    package let keepsAlive: Bool

    package init(method: HTTPMethod?, version: HTTPVersion, keepsAlive: Bool) {
      self.method = method
      self.version = version
      self.keepsAlive = keepsAlive
    }
  }

  private let serverName: String?
  private var date = HTTPDate()

  /// Makes a serialiser; refuses a name that cannot be a field's value.
  package init(serverName: String?) throws(HTTPError) {
    if let serverName { try Self.check(.init(name: "Server", value: serverName)) }
    self.serverName = serverName
  }

  /// Appends the head and, unless it is streamed or must not be there, the body.
  ///
  /// Nothing is appended when the response is refused: a status that is not final, a field that is not one.
  package mutating func append(
    _ response: HTTPResponse, in context: Context, to output: inout [UInt8]
  ) throws(HTTPError) {
    guard (200...599).contains(response.status.code) else {
      throw .invalidResponse("status \(response.status.code)")
    }
    for field in response.headers.fields { try Self.check(field) }
    output.append(contentsOf: "HTTP/1.1 \(response.status.code) \(response.status.reason)\r\nDate: ".utf8)
    output.append(contentsOf: date.now())
    output.append(contentsOf: "\r\n".utf8)
    if let serverName { Self.append("Server", serverName, to: &output) }
    for field in response.headers.fields where !Self.isOwn(field.name) {
      Self.append(field.name, field.value, to: &output)
    }
    if let length = Self.lengthField(of: response, method: context.method, version: context.version) {
      Self.append(length.name, length.value, to: &output)
    }
    if !context.keepsAlive { Self.append("Connection", "close", to: &output) }
    output.append(contentsOf: "\r\n".utf8)
    guard context.method != .head, !response.status.forbidsBody else { return }
    switch response.body {
    case .bytes(let bytes): output.append(contentsOf: bytes)
    case .data(let data): output.append(contentsOf: data)
    case .streamed: break
    }
  }

  /// The stream that follows the head of a response to this method, if any.
  package static func stream(of response: HTTPResponse, to method: HTTPMethod?) -> ResponseStream? {
    guard case .streamed(let stream) = response.body, method != .head, !response.status.forbidsBody else { return nil }
    return stream
  }

  /// Whether a response asks for the connection to be closed after it.
  package static func closes(_ response: HTTPResponse) -> Bool {
    response.headers.list(of: "Connection").contains { HTTPHeaders.matches($0, "close") }
  }

  private static func lengthField(
    of response: HTTPResponse, method: HTTPMethod?, version: HTTPVersion
  ) -> HTTPHeaders.Field? {
    guard !response.status.forbidsBody else { return nil }
    let count: Int
    switch response.body {
    case .bytes(let bytes): count = bytes.count
    case .data(let data): count = data.count
    case .streamed where version == .http11: return .init(name: "Transfer-Encoding", value: "chunked")
    case .streamed: return nil
    }
    if method == .head, count == 0, let declared = response.headers["Content-Length"] {
      return .init(name: "Content-Length", value: declared)
    }
    return .init(name: "Content-Length", value: "\(count)")
  }

  /// Whether the serialiser alone writes this field.
  private static func isOwn(_ name: String) -> Bool {
    ["Date", "Server", "Content-Length", "Transfer-Encoding", "Connection"].contains { HTTPHeaders.matches($0, name) }
  }

  private static func check(_ field: HTTPHeaders.Field) throws(HTTPError) {
    guard !field.name.isEmpty, field.name.utf8.allSatisfy(\.isToken) else {
      throw .invalidResponse("field name \(field.name.debugDescription)")
    }
    guard !field.value.utf8.contains(where: \.isForbiddenControl) else {
      throw .invalidResponse("value of field \(field.name)")
    }
  }

  private static func append(_ name: String, _ value: String, to output: inout [UInt8]) {
    output.append(contentsOf: name.utf8)
    output.append(contentsOf: ": ".utf8)
    output.append(contentsOf: value.utf8)
    output.append(contentsOf: "\r\n".utf8)
  }
}
