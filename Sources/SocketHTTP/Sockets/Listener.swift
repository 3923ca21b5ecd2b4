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

  /// Accepts one connection on the reserved descriptor, if it is there.
  ///
  /// Without it a client would wait for ever when there are no others, and the listener would report it for ever; nor
  /// can the system say without one whether anybody waits at all.
  mutating func acceptOnReserve() -> Accepted {
    if spare >= 0 { Glibc.close(spare) }
    spare = -1
    return accept()
  }

  /// Takes a descriptor into reserve again, as soon as there is one.
  mutating func refillReserve() {
    if spare < 0 { spare = Self.openSpare() }
  }

  func close() {
    Glibc.close(descriptor)
    if spare >= 0 { Glibc.close(spare) }
  }

  private static func openSpare() -> Int32 {
    open("/dev/null", O_RDONLY | O_CLOEXEC)
  }
}
