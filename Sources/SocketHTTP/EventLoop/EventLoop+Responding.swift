import Glibc

extension EventLoop {
  /// Answers at once or lets the handler work in a task.
  func handle(_ request: HTTPRequest, on connection: Connection) {
    connection.phase = .handling
    connection.deadline = nil
    if let response = configuration.immediate?(request) { return respond(connection, response) }
    let id = connection.id
    connection.task = Task { [handler, inbox] in inbox.post(.response(await handler(request), to: id)) }
  }

  /// Begins to send a response.
  func respond(_ connection: Connection, _ response: HTTPResponse) {
    connection.keepsAlive = connection.keepsAlive && stopBy == nil && !ResponseSerialiser.closes(response)
    let exchange = connection.exchange
    let context = ResponseSerialiser.Context(
      method: exchange?.method, version: exchange?.version ?? .http11, keepsAlive: connection.keepsAlive)
    do throws(HTTPError) {
      try connection.output.append { bytes throws(HTTPError) in
        try serialiser.append(response, in: context, to: &bytes)
      }
    } catch {
      return reject(connection, error)
    }
    connection.exchange?.status = response.status
    connection.exchange?.responseHeaders = response.headers
    connection.exchange?.annotations = response.annotations
    connection.deadline = nil
    connection.phase = .responding
    if let stream = ResponseSerialiser.stream(of: response, to: context.method) {
      connection.phase = .streaming
      connection.watchesPeer = stream.endsWhenClientCloses
      connection.stream = produce(stream, for: connection)
    }
    send(connection)
  }

  /// Answers a request that is refused; the connection closes after it.
  func reject(_ connection: Connection, _ error: HTTPError) {
    connection.task?.cancel()
    connection.task = nil
    connection.keepsAlive = false
    var exchange = connection.exchange ?? ExchangeRecord(started: now)
    if exchange.method == nil, let line = connection.parser.line {
      exchange.note(method: line.method, target: line.target, version: line.version)
    }
    exchange.rejection = error
    let response = configuration.renderError(error)
    connection.output.append {
      exchange.status = append(response, to: exchange.method, refusing: error, to: &$0)
    }
    exchange.responseHeaders = response.headers
    connection.exchange = exchange
    connection.deadline = nil
    connection.phase = .responding
    send(connection)
  }

  /// Appends a rendered refusal, a plain one when that cannot be sent, and returns its status.
  func append(
    _ response: HTTPResponse, to method: HTTPMethod?, refusing error: HTTPError, to output: inout [UInt8]
  ) -> HTTPStatus {
    let context = ResponseSerialiser.Context(method: method, version: .http11, keepsAlive: false)
    for candidate in [response, HTTPResponse.text(error.status, error.detail + "\n")] {
      guard candidate.body.whole != nil else { continue }
      if (try? serialiser.append(candidate, in: context, to: &output)) != nil { return candidate.status }
    }
    return error.status
  }

  /// Lets a task write the body of a response; not the handler's, which may have been cancelled.
  private func produce(_ stream: ResponseStream, for connection: Connection) -> StreamChannel {
    let id = connection.id
    let channel = StreamChannel(highWaterBytes: configuration.streamHighWaterBytes) { [inbox] in
      inbox.post(.streamReady(id))
    }
    connection.task = Task { await channel.run(stream) }
    return channel
  }
}
