import Foundation
import SocketHTTP
import Testing

@Suite struct ResponseSerialiserTests {
  private func serialise(
    _ response: HTTPResponse, method: HTTPMethod = .get, version: HTTPVersion = .http11, keepsAlive: Bool = true,
    serverName: String? = nil
  ) throws -> String {
    var serialiser = try ResponseSerialiser(serverName: serverName)
    var output: [UInt8] = []
    try serialiser.append(
      response, in: .init(method: method, version: version, keepsAlive: keepsAlive), to: &output)
    let text = String(decoding: output, as: UTF8.self)
    return text.replacing(/Date: [^\r]*GMT\r\n/, with: "")
  }

  @Test("Head and body are written together")
  func whole() throws {
    let response = HTTPResponse(.created, headers: ["Location": "/a"], body: .data(Data("hi".utf8)))
    #expect(try serialise(response) == "HTTP/1.1 201 Created\r\nLocation: /a\r\nContent-Length: 2\r\n\r\nhi")
  }

  @Test("HEAD has the length of the body that it leaves out")
  func head() throws {
    let expected = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
    #expect(try serialise(HTTPResponse(body: .bytes([1, 2])), method: .head) == expected)
    #expect(try serialise(HTTPResponse(headers: ["content-length": "2"]), method: .head) == expected)
  }

  @Test("204 and 304 have neither body nor length", arguments: [HTTPStatus.noContent, .notModified])
  func bodiless(status: HTTPStatus) throws {
    let response = HTTPResponse(status, body: .bytes([1]))
    #expect(try serialise(response) == "HTTP/1.1 \(status)\r\n\r\n")
  }

  @Test("A stream is chunked to HTTP/1.1 and ends with the connection to HTTP/1.0")
  func stream() throws {
    let response = HTTPResponse(body: .stream { _ in })
    #expect(try serialise(response) == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    #expect(
      try serialise(response, version: .http10, keepsAlive: false) == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
  }

  @Test("Framing fields are the server's, whatever the handler set")
  func framing() throws {
    let headers: HTTPHeaders = [
      "Content-Length": "9", "transfer-encoding": "chunked", "Connection": "keep-alive", "Server": "x", "Date": "y",
    ]
    let expected = "HTTP/1.1 200 OK\r\nServer: hone\r\nContent-Length: 1\r\n\r\na"
    #expect(try serialise(HTTPResponse(headers: headers, body: .bytes([97])), serverName: "hone") == expected)
  }

  @Test(
    "What would break the head is refused and nothing is written",
    arguments: [
      HTTPResponse(headers: ["X": "a\r\nSet-Cookie: b"]), HTTPResponse(headers: ["X": "a\nb"]),
      HTTPResponse(headers: ["X": "a\0"]), HTTPResponse(headers: ["X\r\nY": "a"]), HTTPResponse(headers: ["": "a"]),
      HTTPResponse(headers: ["X Y": "a"]), HTTPResponse(HTTPStatus(100)), HTTPResponse(HTTPStatus(600)),
      HTTPResponse(HTTPStatus(-1)),
    ])
  func injection(response: HTTPResponse) throws {
    var serialiser = try ResponseSerialiser(serverName: nil)
    var output: [UInt8] = []
    let context = ResponseSerialiser.Context(method: .get, version: .http11, keepsAlive: true)
    #expect(throws: HTTPError.self) { try serialiser.append(response, in: context, to: &output) }
    #expect(output.isEmpty)
  }

  @Test("Dates are those of RFC 9110")
  func date() {
    #expect(HTTPDate.format(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(HTTPDate.format(1_709_164_800) == "Thu, 29 Feb 2024 00:00:00 GMT")
  }
}
