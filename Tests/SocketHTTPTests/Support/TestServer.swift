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

/// Something that one side announces and another waits for, blocking or not.
final class Announcement<Value: Sendable>: Sendable {
  private let stream: AsyncStream<Value>
  private let continuation: AsyncStream<Value>.Continuation

  init() {
    (stream, continuation) = AsyncStream.makeStream()
  }

  func callAsFunction(_ value: Value) {
    continuation.yield(value)
  }

  /// The next value announced.
  func next() async -> Value? {
    for await value in stream { return value }
    return nil
  }

  /// As many values as asked for.
  func next(_ count: Int) async -> [Value] {
    var values: [Value] = []
    for _ in 0..<count { if let value = await next() { values.append(value) } }
    return values
  }
}
