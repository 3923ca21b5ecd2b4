import Glibc

extension EventLoop {
  /// Takes waiting connections, some at a time so that the others are not kept waiting.
  func acceptConnections() {
    for _ in 0..<64 where isListening {
      switch listener.accept() {
      case .connection(let descriptor, let address):
        admit(descriptor, address)
      case .none:
        return
      case .retry:
        continue
      case .outOfDescriptors:
        guard acceptOnReserve() else { return }
      case .failed:
        return pauseListener()
      }
    }
  }

  /// Looks at the listener again after a pause.
  func resumeListener() {
    guard isListening, isListenerPaused else { return }
    listener.refillReserve()
    isListenerPaused = (try? epoll.modify(Self.service(listener.descriptor), .readable)) == nil
  }

  private func pauseListener() {
    isListenerPaused = (try? epoll.modify(Self.service(listener.descriptor), [])) != nil
  }

  /// Out of descriptors, lets the longest idle connection make room, else tells the newcomer.
  ///
  /// Returns false when there is no newcomer, or not even the reserve.
  private func acceptOnReserve() -> Bool {
    defer { listener.refillReserve() }
    switch listener.acceptOnReserve() {
    case .connection(let descriptor, let address):
      if evictLongestIdle() { admit(descriptor, address) } else { turnAway(descriptor, address) }
      return true
    case .retry:
      return true
    case .none:
      return false
    case .outOfDescriptors, .failed:
      pauseListener()
      return false
    }
  }

  /// Refuses a client without taking it on.
  private func turnAway(_ descriptor: Int32, _ address: SocketAddress) {
    var exchange = ExchangeRecord(started: now)
    let error = HTTPError.tooManyConnections
    exchange.rejection = error
    var output = OutputBuffer()
    output.append { exchange.status = append(configuration.renderError(error), to: nil, refusing: error, to: &$0) }
    _ = output.send(to: descriptor, counting: &exchange.bytesSent)
    close(descriptor)
    configuration.onExchange?(exchange.closed(aborted: !output.isEmpty, with: address, at: .now))
  }

  private func admit(_ descriptor: Int32, _ address: SocketAddress) {
    let limit = configuration.limits.connections
    let isFull = connections.count >= limit && !evictLongestIdle()
    lastGeneration = lastGeneration == .max ? 1 : lastGeneration + 1
    let id = ConnectionID(descriptor: descriptor, generation: lastGeneration)
    let connection = Connection(id: id, remoteAddress: address, limits: configuration.limits)
    connections[descriptor] = connection
    do {
      try epoll.add(id, connection.registered)
    } catch {
      return drop(connection)
    }
    connection.deadline = now + configuration.deadlines.idle
    guard isFull else { return }
    reject(connection, .tooManyConnections)
    // A few refused clients may linger to be sure of their answer; beyond that they are cut off.
    if connections.count - limit > max(16, limit / 16) { drop(connection) }
  }

  /// Closes the connection that has waited longest for a request; false when none does.
  ///
  /// Those that are new in this round of events are spared: what they have sent has not been looked at yet.
  private func evictLongestIdle() -> Bool {
    // All idle connections may wait equally long, so the earliest deadline is the longest wait.
    var earliest = now + configuration.deadlines.idle
    var longest: Connection?
    for connection in connections.values where connection.phase == .idle {
      guard let deadline = connection.deadline, deadline < earliest else { continue }
      (earliest, longest) = (deadline, connection)
    }
    guard let longest else { return false }
    drop(longest, abruptly: false)
    return true
  }
}
