import Foundation

/// What answers requests.
///
/// It runs as a task that is cancelled when the client goes, or closes its direction; what it answers is sent all the same
/// to a client that still listens.
public typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse

/// A running HTTP/1.1 server.
///
/// One thread of its own serves all connections; handlers run as tasks and never hold it up. It goes on until
/// ``shutdown(grace:)``, also when this object is released.
///
/// ```swift
/// let server = try HTTPServer.start { request in .text(.ok, "hello\n") }
/// print("http://\(server.address)")
/// await server.waitUntilStopped()
/// ```
public final class HTTPServer: Sendable {
  /// What the server listens on, with the port that the system chose.
  public let address: SocketAddress

  /// The number of open connections.
  public var connectionCount: Int { connectionTally.value }

  private let connectionTally: ConnectionTally
  private let inbox: Inbox
  private let stopped: StopSignal

  private init(address: SocketAddress, connections: ConnectionTally, inbox: Inbox, stopped: StopSignal) {
    connectionTally = connections
    self.address = address
    self.inbox = inbox
    self.stopped = stopped
  }

  /// Starts to listen and to serve.
  public static func start(
    _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(), handler: @escaping HTTPHandler
  ) throws(HTTPServerError) -> HTTPServer {
    let serialiser: ResponseSerialiser
    do throws(HTTPError) {
      serialiser = try ResponseSerialiser(serverName: configuration.serverName)
    } catch {
      throw .invalidServerName
    }
    let listener = try Listener(host: configuration.host, port: configuration.port, backlog: configuration.backlog)
    let (epoll, inbox): (Epoll, Inbox)
    do throws(SystemError) {
      (epoll, inbox) = try watch(listener)
    } catch {
      listener.close()
      throw .system(error)
    }
    let stopped = StopSignal()
    let tally = ConnectionTally()
    let thread = Thread {
      let loop = EventLoop(
        configuration: configuration, handler: handler, listener: listener, epoll: epoll, inbox: inbox,
        serialiser: serialiser, tally: tally)
      loop.run()
      stopped.fire()
    }
    thread.name = "http"
    thread.start()
    return HTTPServer(address: listener.address, connections: tally, inbox: inbox, stopped: stopped)
  }

  /// Stops: no more connections, idle ones closed, requests under way answered with `Connection: close`.
  ///
  /// Returns when the last connection is closed. What is not done within `grace` is cancelled and cut off. A second
  /// call may shorten the grace of the first.
  public func shutdown(grace: Duration = .seconds(10)) async {
    inbox.post(.shutDown(by: .now + grace))
    await stopped.wait()
  }

  /// Returns when the server has stopped, whoever asked for it.
  public func waitUntilStopped() async {
    await stopped.wait()
  }

  private static func watch(_ listener: Listener) throws(SystemError) -> (Epoll, Inbox) {
    let epoll = try Epoll()
    var inbox: Inbox?
    do throws(SystemError) {
      let opened = try Inbox()
      inbox = opened
      try epoll.add(EventLoop.service(opened.descriptor), .readable)
      try epoll.add(EventLoop.service(listener.descriptor), .readable)
      return (epoll, opened)
    } catch {
      inbox?.close()
      epoll.close()
      throw error
    }
  }
}
