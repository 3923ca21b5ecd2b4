import SocketHTTP
import Testing

@Suite(.timeLimit(.minutes(2))) struct ListeningTests {
  @Test(
    "A server listens on addresses of both families and on names, and tells its port",
    arguments: ["127.0.0.1", "::1", "localhost"])
  func hosts(host: String) async throws {
    let (address, response) = try await withServer({ $0.host = host }) { address in
      (address, try RawClient(address).exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status)
    }
    #expect(response == 200)
    #expect(address.port != 0)
    #expect(address.host == (host == "localhost" ? "127.0.0.1" : host))
  }

  @Test("The wildcard of IPv6 takes IPv4 too")
  func wildcard() async throws {
    let status = try await withServer({ $0.host = "::" }) { address in
      let address = SocketAddress(host: "127.0.0.1", port: address.port)
      return try RawClient(address).exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status
    }
    #expect(status == 200)
  }

  @Test("A port that is taken is an error that names it")
  func taken() async throws {
    let server = try startServer()
    var configuration = HTTPServerConfiguration()
    configuration.port = server.address.port
    let error = #expect(throws: HTTPServerError.self) {
      try HTTPServer.start(configuration, handler: describeRequest)
    }
    #expect(error?.description == "cannot listen on \(server.address): bind: Address already in use")
    await server.shutdown(grace: .zero)
  }

  @Test("A port can be listened on again at once")
  func again() async throws {
    let server = try startServer()
    let address = server.address
    // The server closes first, so that its side of the connection stays in TIME-WAIT.
    _ = try await offPool { try RawClient(address).exchange("GET / HTTP/1.0\r\n\r\n") }
    await server.shutdown(grace: .zero)
    let second = try startServer { $0.port = address.port }
    #expect(second.address == address)
    await second.shutdown(grace: .zero)
  }

  @Test("A host without addresses is an error")
  func unknown() {
    var configuration = HTTPServerConfiguration()
    configuration.host = "no such host"
    let error = #expect(throws: HTTPServerError.self) {
      try HTTPServer.start(configuration, handler: describeRequest)
    }
    guard case .unknownHost("no such host", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A server name that would break the head is an error")
  func serverName() {
    var configuration = HTTPServerConfiguration()
    configuration.serverName = "a\r\nb"
    #expect(throws: HTTPServerError.invalidServerName) {
      try HTTPServer.start(configuration, handler: describeRequest)
    }
  }

  @Test("Addresses are written as in a URL")
  func description() {
    #expect(SocketAddress(host: "::1", port: 80).description == "[::1]:80")
    #expect(SocketAddress(host: "127.0.0.1", port: 80).description == "127.0.0.1:80")
  }
}
