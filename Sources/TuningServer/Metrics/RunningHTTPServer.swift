import Foundation
import SocketHTTP

/// The HTTP server once it runs, for those that are made before it.
final class RunningHTTPServer: @unchecked Sendable {
  private let lock = NSLock()
  private var server: HTTPServer?

  func set(_ server: HTTPServer) { lock.withLock { self.server = server } }

  var connectionCount: Int { lock.withLock { server }?.connectionCount ?? 0 }
}
