import CEpoll
import Glibc

/// A listening TCP socket, and a file descriptor held in reserve for when there are no others.
struct Listener: Sendable {
  /// What came of accepting.
  enum Accepted {
    case connection(Int32, SocketAddress)
    /// Nobody waits.
    case none
    /// This client has gone already; others may wait.
    case retry
    /// The process or the system is out of file descriptors.
    case outOfDescriptors
    /// The system is out of something else.
    case failed
  }

  let descriptor: Int32
  let address: SocketAddress
  private var spare: Int32

  /// Listens on the first of the host's addresses that can be had, IPv4 first.
  init(host: String, port: UInt16, backlog: Int32) throws(HTTPServerError) {
    var failure: HTTPServerError?
    for candidate in try Self.resolve(host: host, port: port) {
      do throws(SystemError) {
        (descriptor, address) = try Self.listen(candidate, backlog: backlog)
        spare = Self.openSpare()
        return
      } catch {
        let address = SocketAddress(candidate.storage) ?? SocketAddress(host: host, port: port)
        failure = failure ?? .cannotListen(address, error)
      }
    }
    throw failure ?? .unknownHost(host, reason: "no addresses")
  }

  /// Accepts one connection, without blocking.
  func accept() -> Accepted {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let accepted = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        cepoll_accept(descriptor, $0, &length)
      }
    }
    if accepted >= 0 {
      return .connection(accepted, SocketAddress(storage) ?? SocketAddress(host: "", port: 0))
    }
    switch errno {
    case EAGAIN: return .none
    case EMFILE, ENFILE: return .outOfDescriptors
    case ENOBUFS, ENOMEM, EBADF, EINVAL, ENOTSOCK, EFAULT: return .failed
    default: return .retry  // EINTR, ECONNABORTED, and network errors that belong to the client
    }
  }

  /// Accepts one connection on the reserved descriptor, tells it why, and closes it.
  ///
  /// Without this a client would wait for ever, and the listener would report it for ever. Returns false when even the
  /// reserve could not be used.
  mutating func turnAway(_ answer: [UInt8]) -> Bool {
    guard spare >= 0 else {
      spare = Self.openSpare()
      return false
    }
    close(spare)
    defer { spare = Self.openSpare() }
    guard case .connection(let descriptor, _) = accept() else { return false }
    _ = answer.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    close(descriptor)
    return true
  }

  func close() {
    Glibc.close(descriptor)
    if spare >= 0 { Glibc.close(spare) }
  }

  private func close(_ descriptor: Int32) {
    Glibc.close(descriptor)
  }

  private static func openSpare() -> Int32 {
    open("/dev/null", O_RDONLY | O_CLOEXEC)
  }
}
