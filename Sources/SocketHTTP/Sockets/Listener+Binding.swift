import Glibc

extension Listener {
  /// A resolved address to bind to.
  struct Candidate {
    var storage: sockaddr_storage
    var length: socklen_t
    var family: Int32
  }

  /// The addresses of a host, IPv4 first.
  static func resolve(host: String, port: UInt16) throws(HTTPServerError) -> [Candidate] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, "\(port)", &hints, &list)
    guard status == 0 else { throw .unknownHost(host, reason: String(cString: gai_strerror(status))) }
    defer { freeaddrinfo(list) }
    var candidates: [Candidate] = []
    for entry in sequence(first: list, next: { $0?.pointee.ai_next }) {
      guard let entry, let address = entry.pointee.ai_addr else { break }
      let length = min(Int(entry.pointee.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
      var storage = sockaddr_storage()
      withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: .init(start: address, count: length)) }
      candidates.append(Candidate(storage: storage, length: socklen_t(length), family: entry.pointee.ai_family))
    }
    return candidates.filter { $0.family == AF_INET } + candidates.filter { $0.family == AF_INET6 }
  }

  /// Opens, binds and listens; returns the address bound to.
  static func listen(_ candidate: Candidate, backlog: Int32) throws(SystemError) -> (Int32, SocketAddress) {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(candidate.family, type, 0)
    guard descriptor >= 0 else { throw SystemError("socket") }
    do throws(SystemError) {
      try set(SOL_SOCKET, SO_REUSEADDR, to: 1, on: descriptor)
      // Accepted sockets inherit it.
      try set(Int32(IPPROTO_TCP), TCP_NODELAY, to: 1, on: descriptor)
      if candidate.family == AF_INET6 { try set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 0, on: descriptor) }
      var storage = candidate.storage
      var length = candidate.length
      let bound = withUnsafeMutablePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
      }
      guard bound == 0 else { throw SystemError("bind") }
      guard Glibc.listen(descriptor, backlog) == 0 else { throw SystemError("listen") }
      length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let named = withUnsafeMutablePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
      }
      guard named == 0, let address = SocketAddress(storage) else { throw SystemError("getsockname") }
      return (descriptor, address)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  private static func set(_ level: Int32, _ option: Int32, to value: Int32, on descriptor: Int32) throws(SystemError) {
    var value = value
    guard setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
      throw SystemError("setsockopt")
    }
  }
}
