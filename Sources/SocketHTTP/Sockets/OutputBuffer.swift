import Glibc

/// Bytes on their way to a non-blocking socket.
struct OutputBuffer {
  /// What came of sending.
  enum Progress {
    case sentAll
    /// The socket is full; the flag tells whether it took anything.
    case blocked(advanced: Bool)
    case broken
  }

  private var bytes: [UInt8] = []
  private var sent = 0

  var isEmpty: Bool { sent == bytes.count }

  /// Bytes in memory; those that have been sent are given back together with the last ones.
  var heldBytes: Int { bytes.count }

  /// Lets `write` append to what is waiting.
  mutating func append<Failure: Error>(_ write: (inout [UInt8]) throws(Failure) -> Void) throws(Failure) {
    try write(&bytes)
  }

  /// Sends as much as the socket takes and adds the number of bytes to `count`.
  mutating func send(to descriptor: Int32, counting count: inout Int) -> Progress {
    let before = sent
    while !isEmpty {
      let result = bytes.withUnsafeBytes { buffer in
        Glibc.send(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      if result > 0 {
        sent += result
        count += result
      } else if errno == EAGAIN {
        return .blocked(advanced: sent > before)
      } else if errno != EINTR {
        return .broken
      }
    }
    bytes.removeAll(keepingCapacity: bytes.capacity <= 4096)
    sent = 0
    return .sentAll
  }
}
