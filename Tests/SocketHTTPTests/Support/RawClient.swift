import Glibc
import SocketHTTP

/// A blocking client that sends exactly the bytes it is told to.
///
/// Used off Swift's thread pool, where the handlers of the server under test run. Every read gives up after a guard
/// time, so that a server that stays silent fails the test rather than hanging it.
final class RawClient {
  enum Failure: Error {
    case system(String, Int32)
    case silent
    case reset
    case malformedResponse(String)
  }

  let descriptor: Int32
  private var received: [UInt8] = []

  /// Opens a socket without connecting it.
  init(unconnectedTo address: SocketAddress) throws {
    // A child process that inherited the socket would keep the connection open when this one closes it.
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    descriptor = socket(address.host.contains(":") ? AF_INET6 : AF_INET, type, 0)
    guard descriptor >= 0 else { throw Failure.system("socket", errno) }
    var guardTime = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &guardTime, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Connects to a server.
  convenience init(_ address: SocketAddress) throws {
    try self.init(unconnectedTo: address)
    try connect(to: address)
  }

  deinit {
    close(descriptor)
  }

  func connect(to address: SocketAddress) throws {
    let result: Int32
    if address.host.contains(":") {
      var target = sockaddr_in6()
      target.sin6_family = sa_family_t(AF_INET6)
      target.sin6_port = address.port.bigEndian
      inet_pton(AF_INET6, address.host, &target.sin6_addr)
      result = withUnsafeMutablePointer(to: &target) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    } else {
      var target = sockaddr_in()
      target.sin_family = sa_family_t(AF_INET)
      target.sin_port = address.port.bigEndian
      inet_pton(AF_INET, address.host, &target.sin_addr)
      result = withUnsafeMutablePointer(to: &target) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    guard result == 0 else { throw Failure.system("connect", errno) }
  }

  func send(_ text: String) throws {
    try send(Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure.system("send", errno) }
      sent += count
    }
  }

  /// Closes this side's direction.
  func finishSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Lets the close that follows be a reset.
  func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// Keeps the system from taking much on this client's behalf.
  func shrinkReceiveBuffer() {
    var size: Int32 = 4096
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Whether something can be read within some milliseconds.
  func isReadable(within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }

  /// Reads some bytes; none at the end.
  func readSome(_ most: Int = 65536) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: most)
    let count = recv(descriptor, &buffer, most, 0)
    if count >= 0 { return Array(buffer[..<count]) }
    switch errno {
    case EAGAIN: throw Failure.silent
    case ECONNRESET, EPIPE: throw Failure.reset
    default: throw Failure.system("recv", errno)
    }
  }

  /// Reads until the server closes.
  func readToEnd() throws -> String {
    while case let bytes = try readSome(), !bytes.isEmpty { received += bytes }
    defer { received = [] }
    return String(decoding: received, as: UTF8.self)
  }

  /// Reads one response; `head` when it answers HEAD.
  func readResponse(toHead: Bool = false) throws -> RawResponse {
    let head = try readLines()
    let response = try RawResponse(head: head)
    if toHead || response.status < 200 || response.status == 204 || response.status == 304 { return response }
    if let length = response["Content-Length"].flatMap(Int.init) {
      return response.with(body: try read(length))
    }
    guard response["Transfer-Encoding"] == "chunked" else {
      return response.with(body: Array(try readToEnd().utf8))
    }
    var body: [UInt8] = []
    while true {
      guard let size = Int(try readLine(), radix: 16) else { throw Failure.malformedResponse("chunk size") }
      body += try read(size)
      guard try readLine().isEmpty else { throw Failure.malformedResponse("chunk end") }
      if size == 0 { return response.with(body: body) }
    }
  }

  /// Sends and reads one response.
  func exchange(_ request: String) throws -> RawResponse {
    try send(request)
    return try readResponse(toHead: request.hasPrefix("HEAD "))
  }

  private func readLines() throws -> [String] {
    var lines: [String] = []
    while case let line = try readLine(), !line.isEmpty { lines.append(line) }
    return lines
  }

  private func readLine() throws -> String {
    var searched = 0
    while true {
      if let end = received[searched...].firstIndex(of: 0x0A) {
        guard end > 0, received[end - 1] == 0x0D else { throw Failure.malformedResponse("line end") }
        let line = String(decoding: received[..<(end - 1)], as: UTF8.self)
        received.removeSubrange(...end)
        return line
      }
      searched = received.count
      try readMore()
    }
  }

  private func read(_ count: Int) throws -> [UInt8] {
    while received.count < count { try readMore() }
    defer { received.removeSubrange(..<count) }
    return Array(received[..<count])
  }

  private func readMore() throws {
    let bytes = try readSome()
    guard !bytes.isEmpty else {
      throw Failure.malformedResponse("ends early: \(String(decoding: received, as: UTF8.self))")
    }
    received += bytes
  }
}

/// A response as it was received.
struct RawResponse: Sendable {
  let status: Int
  let headers: HTTPHeaders
  let body: [UInt8]

  init(head: [String]) throws {
    let parts = head.first?.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false) ?? []
    guard parts.count == 3, parts[0] == "HTTP/1.1", let status = Int(parts[1]) else {
      throw RawClient.Failure.malformedResponse(head.first ?? "nothing")
    }
    var headers = HTTPHeaders()
    for line in head.dropFirst() {
      let field = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
      guard field.count == 2 else { throw RawClient.Failure.malformedResponse(line) }
      headers.append(String(field[0]), String(field[1]))
    }
    self.init(status: status, headers: headers, body: [])
  }

  private init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  func with(body: [UInt8]) -> RawResponse { RawResponse(status: status, headers: headers, body: body) }

  subscript(name: String) -> String? { headers[name] }

  var text: String { String(decoding: body, as: UTF8.self) }
}
