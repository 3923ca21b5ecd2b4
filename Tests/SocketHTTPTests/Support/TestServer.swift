import Foundation
import SocketHTTP

/// Runs blocking work on a thread of its own and returns its result.
///
/// The handlers of a server share Swift's thread pool with the tests: a test that blocked one of its few threads could
/// keep its own server from answering.
func offPool<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Swift.Result { try body() }) }.start()
  }
}

/// Runs a server for as long as `client` takes, which may block.
func withServer<Result: Sendable>(
  _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }, handler: @escaping HTTPHandler = describeRequest,
  client: @escaping @Sendable (SocketAddress) throws -> Result
) async throws -> Result {
  let server = try startServer(configure, handler: handler)
  do {
    let result = try await offPool { try client(server.address) }
    await server.shutdown(grace: .zero)
    return result
  } catch {
    await server.shutdown(grace: .zero)
    throw error
  }
}

/// Starts a server that sweeps often, on a port of its own.
func startServer(
  _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }, handler: @escaping HTTPHandler = describeRequest
) throws -> HTTPServer {
  var configuration = HTTPServerConfiguration()
  configuration.deadlines.sweep = .milliseconds(10)
  configure(&configuration)
  return try HTTPServer.start(configuration, handler: handler)
}

/// Answers with method, decoded path and body: `POST a|b body`.
@Sendable func describeRequest(_ request: HTTPRequest) async -> HTTPResponse {
  let body = String(decoding: request.body, as: UTF8.self)
  return .text(.ok, "\(request.method) \(request.segments.joined(separator: "|")) \(body)")
}

/// Suspends until the task is cancelled.
func waitForCancellation() async {
  let (never, continuation) = AsyncStream.makeStream(of: Never.self)
  for await _ in never {}
  withExtendedLifetime(continuation) {}
}

/// Carries something that belongs to one thread at a time from one to the next.
final class UncheckedBox<Value>: @unchecked Sendable {
  private(set) var value: Value?

  init(_ value: Value) {
    self.value = value
  }

  func release() {
    value = nil
  }
}
