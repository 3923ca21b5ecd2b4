import SocketHTTP
import TuningAPI
import TuningModel

/// A study's log as it grows.
struct WatchRoutes: Sendable {
  let watching: any StudyWatching

  var routes: [Route] { [Route(.watchStudy, query: EventsQuery.self, watch)] }

  /// Writes events as fast as the client takes them: while it does not, nothing is read, so it costs no memory.
  @Sendable private func watch(_ request: RoutedRequest, _ query: EventsQuery) async throws(StudyError) -> HTTPResponse
  {
    // A browser that connects again says so with the same query.
    let last = request.http.headers["Last-Event-ID"].flatMap { Int($0) }
    let watch = try await watching.watch(request.study, after: last ?? query.after)
    let isAdmitted = request.isAdmitted
    return HTTPResponse(
      headers: ["Content-Type": ServerSentEvents.mediaType, "Cache-Control": "no-store", "X-Accel-Buffering": "no"],
      body: .stream(endsWhenClientCloses: true) { writer in
        try await writer.write(ServerSentEvents.start(await watch.position))
        while !Task.isCancelled {
          let step = try await watch.next()
          // A token may have been revoked, or have ended, since.
          guard isAdmitted() else { return }
          switch step {
          case .notices(let notices): for notice in notices { try await writer.write(ServerSentEvents.text(notice)) }
          case .silence: try await writer.write(ServerSentEvents.keepAlive)
          case .end: return
          }
        }
      })
  }
}
