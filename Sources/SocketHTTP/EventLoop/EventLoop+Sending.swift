import Glibc

extension EventLoop {
  /// Goes on after the socket has room again.
  func resumeSending(_ connection: Connection) {
    send(connection)
    advance(connection)
  }

  /// Sends what there is, then takes what a stream has ready, once: later bytes announce themselves.
  func send(_ connection: Connection) {
    guard drain(connection) else { return }
    if connection.phase == .streaming, let portion = connection.stream?.take() {
      append(portion, to: connection)
      if portion.end == .failed { return drop(connection) }
      if portion.end == .finished { connection.phase = .responding }
      guard drain(connection) else { return }
    }
    if connection.phase == .responding { return finish(connection) }
    if connection.phase == .streaming { connection.deadline = nil }
    refreshInterest(connection)
  }

  /// Takes the next response of a request being handled, or a stream's next portion, or a call to stop.
  func readInbox() {
    for message in inbox.take() {
      switch message {
      case .response(let response, let id):
        guard let connection = connection(id), connection.phase == .handling else { continue }
        respond(connection, response)
        advance(connection)
      case .streamReady(let id):
        // With output waiting, the portion is taken when that has been sent.
        guard let connection = connection(id), connection.phase == .streaming, connection.output.isEmpty else {
          continue
        }
        send(connection)
        advance(connection)
      case .shutDown(let deadline):
        beginShutdown(by: deadline)
      }
    }
  }

  /// Sends until all is sent; otherwise false, and the connection waits for room or is gone.
  private func drain(_ connection: Connection) -> Bool {
    var count = 0
    let progress = connection.output.send(to: connection.id.descriptor, counting: &count)
    connection.exchange?.bytesSent += count
    switch progress {
    case .sentAll:
      holdAnswer(0, for: connection)
      return true
    case .blocked(let advanced):
      if !connection.phase.readsRequest, advanced || connection.deadline == nil {
        connection.deadline = now + configuration.deadlines.write
      }
      refreshInterest(connection)
      holdAnswer(connection.output.heldBytes, for: connection)
      makeRoomForAnswers()
      return false
    case .broken:
      drop(connection)
      return false
    }
  }

  /// Counts bytes of answers in memory on behalf of a connection.
  func holdAnswer(_ bytes: Int, for connection: Connection) {
    heldAnswerBytes += bytes - connection.heldAnswerBytes
    connection.heldAnswerBytes = bytes
  }

  /// Resets the connections that have taken nothing for the longest time, until the answers for the others fit.
  private func makeRoomForAnswers() {
    while heldAnswerBytes > configuration.limits.answerBytesInAll {
      let slow = connections.values.filter { $0.heldAnswerBytes > 0 }
      // All have equally long to take something, so the earliest deadline is the longest wait.
      guard let slowest = slow.min(by: { ($0.deadline ?? now) < ($1.deadline ?? now) }) else { return }
      drop(slowest)
    }
  }

  /// Frames a portion: as a chunk, or bare to HTTP/1.0.
  private func append(_ portion: StreamChannel.Portion, to connection: Connection) {
    let isChunked = connection.exchange?.version != .http10
    connection.output.append { output in
      if !isChunked {
        output.append(contentsOf: portion.bytes)
        return
      }
      if !portion.bytes.isEmpty {
        output.append(contentsOf: "\(String(portion.bytes.count, radix: 16))\r\n".utf8)
        output.append(contentsOf: portion.bytes)
        output.append(contentsOf: "\r\n".utf8)
      }
      if portion.end == .finished { output.append(contentsOf: "0\r\n\r\n".utf8) }
    }
  }

  /// Ends an exchange whose response has been sent.
  private func finish(_ connection: Connection) {
    report(connection, aborted: false)
    connection.task = nil
    connection.stream = nil
    connection.watchesPeer = false
    hold(0, for: connection)
    if connection.keepsAlive && stopBy == nil {
      connection.phase = .idle
      connection.deadline = now + configuration.deadlines.idle
    } else {
      // Closing with input unread would reset the connection, and the client could lose the response.
      shutdown(connection.id.descriptor, Int32(SHUT_WR))
      connection.phase = .lingering
      connection.deadline = now + configuration.deadlines.linger
    }
    refreshInterest(connection)
  }
}
