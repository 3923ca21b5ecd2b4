/// Everything before the body, with what it says about body and connection.
package struct RequestHead: Sendable {
  package let line: RequestLine
  package let headers: HTTPHeaders
  package let framing: BodyFraming
  /// Whether the client waits for `100 Continue` before it sends the body.
  package let expectsContinue: Bool
  /// Whether another request may follow on the connection; never over HTTP/1.0.
  package let keepsAlive: Bool

  /// Checks the fields together.
  init(line: RequestLine, headers: HTTPHeaders, bodyLimit: Int) throws(HTTPError) {
    self.line = line
    self.headers = headers
    let hosts = headers.values(of: "Host")
    guard hosts.count <= 1, hosts.allSatisfy({ $0.utf8.allSatisfy(\.isAuthority) }) else { throw .malformedHost }
    guard line.version == .http10 || hosts.count == 1 else { throw .missingHost }
    framing = try BodyFraming(headers, version: line.version, limit: bodyLimit)
    let expectations = line.version == .http11 ? headers.list(of: "Expect") : []
    guard expectations.allSatisfy({ HTTPHeaders.matches($0, "100-continue") }) else { throw .unsupportedExpectation }
    expectsContinue = !expectations.isEmpty && framing != .none
    let options = headers.list(of: "Connection")
    keepsAlive = line.version == .http11 && !options.contains { HTTPHeaders.matches($0, "close") }
  }
}
