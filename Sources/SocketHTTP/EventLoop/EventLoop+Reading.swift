import Glibc

extension EventLoop {
  /// Reads once; epoll reports what is left.
  func read(_ connection: Connection) {
    guard connection.phase.readsRequest || connection.phase == .lingering else {
      // The client sends ahead, or has closed its direction: not to be looked at before the current answer is out.
      return refreshInterest(connection, exact: true)
    }
    let count = readBuffer.withUnsafeMutableBytes { recv(connection.id.descriptor, $0.baseAddress, $0.count, 0) }
    if count < 0 {
      if errno != EAGAIN && errno != EINTR { drop(connection) }
    } else if connection.phase == .lingering {
      if count == 0 { drop(connection, abruptly: false) }
    } else if count == 0 {
      endOfInput(connection)
    } else {
      receive(readBuffer[..<count], on: connection)
    }
  }

  /// Cancels the handler of a client that has closed its direction.
  ///
  /// Most have then gone; whether one still listens shows only when it is sent something, so what the handler answers is
  /// sent all the same. Where a request is being read, or the rest discarded, reading comes to the end by itself.
  func notePeerClosed(_ connection: Connection) {
    if connection.phase.readsRequest || connection.phase == .lingering { return }
    connection.peerHasClosed = true
    if connection.phase == .handling { connection.task?.cancel() }
    refreshInterest(connection, exact: true)
  }

  /// Parses what has arrived, and serves requests as long as they are answered at once.
  func advance(_ connection: Connection) {
    while connection.phase.readsRequest, self.connection(connection.id) != nil {
      do throws(HTTPError) {
        switch try connection.parser.next() {
        case .needsMoreBytes:
          noteProgress(of: connection)
          return refreshInterest(connection)
        case .expectsContinue:
          noteProgress(of: connection)
          connection.output.append { $0.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8) }
          send(connection)
        case .request(let request, let keepsAlive):
          connection.keepsAlive = keepsAlive
          hold(request.body.count, for: connection)
          connection.exchange = connection.exchange ?? ExchangeRecord(started: now)
          connection.exchange?.note(method: request.method, target: request.target, version: request.version)
          handle(request, on: connection)
        }
      } catch {
        reject(connection, error)
      }
    }
  }

  private func receive(_ bytes: ArraySlice<UInt8>, on connection: Connection) {
    connection.parser.feed(bytes)
    advance(connection)
    guard self.connection(connection.id) != nil, connection.phase == .body else { return }
    hold(connection.parser.heldBodyBytes, for: connection)
    if heldBodyBytes > configuration.limits.bodyBytesInAll { reject(connection, .tooManyBodyBytes) }
  }

  /// Counts body bytes in memory on behalf of a connection.
  func hold(_ bytes: Int, for connection: Connection) {
    heldBodyBytes += bytes - connection.heldBodyBytes
    connection.heldBodyBytes = bytes
  }

  /// Sets phase and deadline after what the parser has seen.
  private func noteProgress(of connection: Connection) {
    if connection.phase == .idle, !connection.parser.isIdle {
      connection.phase = .head
      connection.deadline = now + configuration.deadlines.head
      connection.exchange = ExchangeRecord(started: now)
    }
    if connection.phase == .head, connection.parser.isReadingBody {
      connection.phase = .body
      connection.deadline = now + configuration.deadlines.body
    }
  }

  private func endOfInput(_ connection: Connection) {
    if connection.phase == .idle {
      drop(connection, abruptly: false)
    } else {
      reject(connection, .incompleteRequest)
    }
  }
}
