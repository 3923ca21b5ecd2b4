import Glibc

extension EventLoop {
  /// Closes a connection and cancels its handler.
  ///
  /// Abruptly means with a reset, so that the client notices at once and does not take half a response for a whole one.
  func drop(_ connection: Connection, abruptly: Bool = true) {
    guard connections.removeValue(forKey: connection.id.descriptor) != nil else { return }
    // In this order a writer hears that the client is gone, not merely that it is cancelled.
    connection.stream?.disconnect()
    connection.task?.cancel()
    hold(0, for: connection)
    holdAnswer(0, for: connection)
    report(connection, aborted: true)
    try? epoll.remove(connection.id)
    if abruptly {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(connection.id.descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
    close(connection.id.descriptor)
  }

  /// Hands the exchange that ends here to the caller.
  func report(_ connection: Connection, aborted: Bool) {
    guard let exchange = connection.exchange.take() else { return }
    configuration.onExchange?(exchange.closed(aborted: aborted, with: connection.remoteAddress, at: .now))
  }

  /// Ends what has taken too long.
  func enforceDeadlines() {
    resumeListener()
    if let stopBy, now >= stopBy {
      for connection in connections.values.map({ $0 }) { drop(connection) }
    }
    for connection in connections.values.filter({ ($0.deadline ?? now + .seconds(1)) <= now }) {
      switch connection.phase {
      case .idle, .lingering: drop(connection, abruptly: false)
      case .head: reject(connection, .headTimeout)
      case .body: reject(connection, .bodyTimeout)
      case .handling, .responding, .streaming: drop(connection)
      }
    }
  }

  /// Takes no more connections and lets those go that wait for nothing.
  func beginShutdown(by deadline: ContinuousClock.Instant) {
    stopBy = min(stopBy ?? deadline, deadline)
    nextSweep = now
    guard isListening else { return }
    acceptConnections()
    stopListening()
    for connection in connections.values.filter({ $0.phase == .idle }) {
      // A request that has arrived already is still served.
      read(connection)
      if connection.phase == .idle { drop(connection, abruptly: false) }
    }
  }

  /// Gives everything back.
  func tearDown() {
    if isListening { stopListening() }
    for connection in connections.values.map({ $0 }) { drop(connection) }
    inbox.close()
    epoll.close()
  }

  private func stopListening() {
    isListening = false
    try? epoll.remove(Self.service(listener.descriptor))
    listener.close()
  }
}
