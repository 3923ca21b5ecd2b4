import Foundation

/// A connection whose answer is read as it comes.
final class EventTap: @unchecked Sendable {
  private let lock = NSLock()
  private var received: [UInt8] = []
  private var isOver = false
  private let descriptor: Int32

  /// Sends a request and reads on a thread of its own.
  init(_ call: HTTPCall, port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    let bytes = call.bytes
    _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    Thread.detachNewThread { self.read() }
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      lock.withLock {
        if count > 0 { received += buffer[..<count] } else { isOver = true }
      }
      if count <= 0 { break }
    }
    close(descriptor)
  }

  /// What has come so far.
  var text: String { String(decoding: lock.withLock { received }, as: UTF8.self) }

  /// Waits until the answer holds a text; `false` where it ends without.
  func shows(_ wanted: String) async -> Bool {
    while !text.contains(wanted) {
      if lock.withLock({ isOver }) { return text.contains(wanted) }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return true
  }

  /// The whole answer, once it has ended.
  func whole() async -> [UInt8] {
    while !lock.withLock({ isOver }) { try? await Task.sleep(for: .milliseconds(5)) }
    return lock.withLock { received }
  }
}
