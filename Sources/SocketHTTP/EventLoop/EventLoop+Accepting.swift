extension EventLoop {
  /// Takes waiting connections, some at a time so that the others are not kept waiting.
  func acceptConnections() {
    for _ in 0..<64 {
      switch listener.accept() {
      case .connection(let descriptor, let address):
        admit(descriptor, address)
      case .none:
        return
      case .retry:
        continue
      case .outOfDescriptors:
        guard evictLongestIdle() || listener.turnAway(turnAwayAnswer) else { return pauseListener() }
      case .failed:
        return pauseListener()
      }
    }
  }

  /// Looks at the listener again after a pause.
  func resumeListener() {
    guard isListening, isListenerPaused else { return }
    isListenerPaused = (try? epoll.modify(Self.service(listener.descriptor), .readable)) == nil
  }

  private func pauseListener() {
    isListenerPaused = (try? epoll.modify(Self.service(listener.descriptor), [])) != nil
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
  private func evictLongestIdle() -> Bool {
    var longest: Connection?
    for connection in connections.values where connection.phase == .idle {
      // All idle connections wait equally long, so the earliest deadline is the longest wait.
      guard let deadline = connection.deadline else { continue }
      if longest.flatMap(\.deadline).map({ deadline < $0 }) ?? true { longest = connection }
    }
    guard let longest else { return false }
    drop(longest, abruptly: false)
    return true
  }

  private var turnAwayAnswer: [UInt8] {
    var answer: [UInt8] = []
    let error = HTTPError.tooManyConnections
    _ = append(configuration.renderError(error), to: nil, refusing: error, to: &answer)
    return answer
  }
}
