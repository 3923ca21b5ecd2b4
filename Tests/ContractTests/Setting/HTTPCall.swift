import Foundation
import TuningModel

/// A request put together by hand, so that it may be as wrong as a test needs.
struct HTTPCall: Sendable {
  var method: String
  var target: String
  var headers: [(String, String)] = []
  var body: [UInt8] = []
  var host = "localhost"

  init(_ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
  }

  /// A request with a JSON body.
  init(_ method: String, _ target: String, json: JSONValue, headers: [(String, String)] = []) {
    self.init(method, target, headers: [("Content-Type", "application/json")] + headers, body: json.bytes)
  }

  var bytes: [UInt8] {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + body
  }
}

/// What came back.
struct HTTPAnswer: Sendable {
  var status: Int
  var headers: [(name: String, value: String)]
  var body: [UInt8]

  /// Reads an answer off the wire.
  init(_ bytes: [UInt8]) throws {
    let separator = Array("\r\n\r\n".utf8)
    guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: separator) }) else {
      throw NoAnswer(text: String(decoding: bytes.prefix(200), as: UTF8.self))
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
    guard let line = lines.first, line.hasPrefix("HTTP/1.1 "), let status = Int(line.dropFirst(9).prefix(3)) else {
      throw NoAnswer(text: String(lines.first ?? ""))
    }
    self.status = status
    headers = lines.dropFirst().compactMap { line in
      line.firstIndex(of: ":").map {
        (line[..<$0].lowercased(), line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces))
      }
    }
    body = Array(bytes[(end + separator.count)...])
  }

  subscript(header: String) -> String? { headers.first { $0.name == header.lowercased() }?.value }

  var text: String { String(decoding: body, as: UTF8.self) }

  var json: JSONValue { get throws { try JSONValue(text: body) } }
}

struct NoAnswer: Error { var text: String }

/// Sends bytes over a connection of its own and reads until the other side closes, off Swift's threads.
///
/// - Parameter isLast: whether it closes its own direction before it reads.
func exchange(_ bytes: [UInt8], port: UInt16, isLast: Bool = false) async throws -> [UInt8] {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(with: Result { try RawConnection.exchange(bytes, port: port, isLast: isLast) })
    }
  }
}

private enum RawConnection {
  static func exchange(_ bytes: [UInt8], port: UInt16, isLast: Bool) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw NoAnswer(text: "no socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw NoAnswer(text: "no connection") }
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      // A server that refuses a body need not read all of it; its answer is there nevertheless.
      if count <= 0 { break }
      sent += count
    }
    if isLast { shutdown(descriptor, Int32(SHUT_WR)) }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { return answer }
      answer += buffer[..<count]
    }
  }
}
