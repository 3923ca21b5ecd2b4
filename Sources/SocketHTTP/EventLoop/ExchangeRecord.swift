/// What is known so far of an exchange.
struct ExchangeRecord {
  let started: ContinuousClock.Instant
  var method: HTTPMethod?
  var target: String?
  var version = HTTPVersion.http11
  var status: HTTPStatus?
  var responseHeaders: HTTPHeaders = [:]
  var annotations: [String: String] = [:]
  var bytesSent = 0
  var rejection: HTTPError?

  init(started: ContinuousClock.Instant) {
    self.started = started
  }

  mutating func note(method: HTTPMethod, target: RequestTarget, version: HTTPVersion) {
    self.method = method
    self.target = target.raw
    self.version = version
  }

  /// The record as its caller gets it.
  func closed(aborted: Bool, with remoteAddress: SocketAddress, at now: ContinuousClock.Instant) -> HTTPExchange {
    HTTPExchange(
      remoteAddress: remoteAddress, method: method, target: target, status: status,
      responseHeaders: responseHeaders, annotations: annotations, bytesSent: bytesSent, duration: now - started,
      outcome: aborted ? .aborted : rejection.map { .rejected($0) } ?? .answered)
  }
}
