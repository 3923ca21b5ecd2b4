import Foundation
import TuningAPI
import TuningModel

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Sends requests to one server over one `URLSession`, and again where that is harmless.
final class Transport: Sendable {
  private let base: String
  private let token: String?
  let retries: RetryPolicy
  private let session: URLSession
  /// How long the server may stay silent, in seconds.
  let silence: TimeInterval

  init(server: URL, token: String?, timeout: Duration, retries: RetryPolicy) {
    let text = server.absoluteString
    base = text.hasSuffix("/") ? String(text.dropLast()) : text
    self.token = token
    self.retries = retries
    silence = timeout / .seconds(1)
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = timeout / .seconds(1)
    configuration.httpMaximumConnectionsPerHost = 64
    configuration.httpShouldSetCookies = false
    configuration.urlCache = nil
    // A redirect would take the token along to wherever it leads, and the server never sends one.
    session = URLSession(configuration: configuration, delegate: RedirectRefusal(), delegateQueue: nil)
  }

  deinit { session.finishTasksAndInvalidate() }

  /// Sends a request and reads the answer; an answer without a body is read from `{}`.
  func send<Form: WireForm>(_ exchange: Exchange, for form: Form.Type) async throws(StudyError) -> Form {
    try Form(answer: try await send(exchange).body)
  }

  /// Sends a request until it is answered properly, the policy is spent, or the request must not be repeated.
  ///
  /// - Throws: what the server answered; `unreachable` where nothing came back; `unavailable` where the task was
  ///   cancelled.
  @discardableResult
  func send(_ exchange: Exchange) async throws(StudyError) -> Answer {
    let request = try request(for: exchange)
    var attempt = 1
    while true {
      let failure: StudyError
      var askedFor: Int?
      do throws(StudyError) {
        let answer = try await once(request)
        if answer.isSuccess { return answer }
        failure = answer.error
        askedFor = answer.retryAfterSeconds
      } catch {
        failure = error
      }
      let mayPass = [.unreachable, .unavailable, .storageFull].contains(failure.code)
      // What came too fast was refused before anything of it was done.
      let isSafe = failure.code == .rateLimited || (exchange.isRepeatable && mayPass)
      guard isSafe, attempt < retries.attempts, !Task.isCancelled else { throw failure }
      do {
        try await Task.sleep(for: retries.pause(after: attempt, askedFor: askedFor))
      } catch {
        throw failure
      }
      attempt += 1
    }
  }

  func request(
    for exchange: Exchange, accepting type: String = "application/json"
  ) throws(StudyError) -> URLRequest {
    guard let url = URL(string: base + exchange.target) else {
      throw StudyError(.unreachable, "\(base) is not the address of a server; one is http://127.0.0.1:8080.")
    }
    var request = URLRequest(url: url)
    request.httpMethod = exchange.operation.method
    if let body = exchange.body {
      request.httpBody = Data(body)
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    }
    request.setValue("\(type), \(Problem.mediaType)", forHTTPHeaderField: "Accept")
    if let revision = exchange.revision {
      request.setValue(EntityTag.text(revision), forHTTPHeaderField: "If-Match")
    }
    if let key = exchange.key { request.setValue(key, forHTTPHeaderField: IdempotencyKey.field) }
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    return request
  }

  private func once(_ request: URLRequest) async throws(StudyError) -> Answer {
    let (data, response): (Data, URLResponse)
    do {
      (data, response) = try await session.data(for: request)
    } catch {
      throw self.error(for: error)
    }
    guard let response = response as? HTTPURLResponse else {
      throw StudyError(.unexpectedAnswer, "The answer of \(base) is not HTTP.")
    }
    let type = response.value(forHTTPHeaderField: "Content-Type") ?? ""
    return Answer(
      status: response.statusCode,
      mediaType: type.split(separator: ";").first.map { $0.lowercased() } ?? "",
      retryAfterSeconds: response.value(forHTTPHeaderField: "Retry-After").flatMap { Int($0) }, body: data)
  }

  func error(for error: any Error) -> StudyError {
    if Task.isCancelled || error is CancellationError || (error as? URLError)?.code == .cancelled {
      return StudyError(.unavailable, "The request was given up before it was answered.")
    }
    let reason = (error as? URLError).map(Self.reason) ?? "\(error)"
    return StudyError(
      .unreachable,
      "No answer from \(base): \(reason). Is the server running there? `hone serve` starts one; --server or HONE_SERVER "
        + "names another.")
  }

  private static func reason(_ error: URLError) -> String {
    switch error.code {
    case .cannotConnectToHost: "the connection was refused"
    case .cannotFindHost, .dnsLookupFailed: "there is no host of that name"
    case .timedOut: "it took too long"
    case .networkConnectionLost: "the connection broke"
    case .badURL, .unsupportedURL: "this is not an http address"
    default: error.localizedDescription
    }
  }
}

/// Follows no redirects: the answer that asks for one is the answer.
private final class RedirectRefusal: NSObject, URLSessionTaskDelegate {
  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }
}
