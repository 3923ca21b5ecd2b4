import Glibc

extension SocketAddress {
  /// Reads a system address of either family; nil for another one.
  init?(_ storage: sockaddr_storage) {
    var storage = storage
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let port: UInt16
    switch Int32(storage.ss_family) {
    case AF_INET:
      port = withUnsafeMutablePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
          _ = inet_ntop(AF_INET, &address.pointee.sin_addr, &text, socklen_t(text.count))
          return UInt16(bigEndian: address.pointee.sin_port)
        }
      }
    case AF_INET6:
      port = withUnsafeMutablePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
          _ = inet_ntop(AF_INET6, &address.pointee.sin6_addr, &text, socklen_t(text.count))
          return UInt16(bigEndian: address.pointee.sin6_port)
        }
      }
    default:
      return nil
    }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    self.init(host: String(decoding: bytes, as: UTF8.self), port: port)
  }
}
