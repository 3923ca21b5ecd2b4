import Foundation
import TuningAPI
public import TuningModel

/// What happens in a study on a server, as it happens.
///
/// Where the connection breaks, or the reader is so slow that too much would wait for it, it goes on over a new one from
/// where it was, so nothing is missed and nothing comes twice. It ends when the study is deleted, and throws
/// `StudyError`.
public struct StudyEvents: AsyncSequence, Sendable {
  /// What is read.
  public typealias Element = StudyNotice

  let transport: Transport
  let study: String
  let after: Int?

  /// Begins to watch.
  public func makeAsyncIterator() -> Iterator { Iterator(transport: transport, study: study, position: after) }

  /// Reads the events.
  public struct Iterator: AsyncIteratorProtocol {
    let transport: Transport
    let study: String
    /// The place in the log up to which events came; `nil` for the end that it has when the server is first reached.
    var position: Int?
    private var pending: [StudyNotice] = []
    private var connection: OpenConnection?
    private var reader = ServerSentEvents.Reader()
    private var wasConnected = false
    private var failures = 0

    init(transport: Transport, study: String, position: Int?) {
      self.transport = transport
      self.study = study
      self.position = position
    }

    /// The next event; `nil` once the study is deleted, or the task is cancelled.
    public mutating func next() async throws -> StudyNotice? {
      while true {
        if !pending.isEmpty { return pending.removeFirst() }
        if Task.isCancelled { return nil }
        do throws(StudyError) {
          try await receive()
        } catch {
          if Task.isCancelled { return nil }
          if error.code == .studyNotFound && wasConnected { return nil }
          failures += 1
          let mayPass = [.unreachable, .unavailable, .rateLimited].contains(error.code)
          guard mayPass, failures < transport.retries.attempts else { throw error }
          try? await Task.sleep(for: transport.retries.pause(after: failures, askedFor: nil))
        }
      }
    }

    /// Takes up what comes next over the connection, or over a new one.
    private mutating func receive() async throws(StudyError) {
      let open: OpenConnection
      if let known = self.connection { open = known } else { open = OpenConnection(try connect()) }
      self.connection = open
      let connection = open.connection
      let data: Data?
      do {
        data = try await connection.next()
      } catch {
        self.connection = nil
        throw transport.error(for: error)
      }
      guard let head = connection.head else {
        self.connection = nil
        throw StudyError(.unreachable, "The server closed the connection without an answer.")
      }
      if head.status != 200 || head.mediaType != ServerSentEvents.mediaType {
        self.connection = nil
        throw try await refusal(connection, head, data)
      }
      wasConnected = true
      guard let data else {
        // The server stops, or the study is gone; the next connection tells.
        self.connection = nil
        throw StudyError(.unavailable, "The server ended the connection.")
      }
      failures = 0
      let events = try reader.take(data)
      for event in events { try note(event) }
      if let last = reader.lastID { position = last }
    }

    private mutating func note(_ event: [UInt8]) throws(StudyError) {
      let notice = try StudyNotice(answer: event)
      if let position, notice.sequence <= position { return }
      pending.append(notice)
      position = notice.sequence
    }

    private mutating func connect() throws(StudyError) -> EventConnection {
      reader = ServerSentEvents.Reader()
      let exchange = Exchange(
        .watchStudy, APIOperation.watchStudy.path(study), query: EventsQuery(after: position).items)
      let request = try transport.request(for: exchange, accepting: ServerSentEvents.mediaType)
      return EventConnection(request, silence: transport.silence)
    }

    /// The error that an answer tells of, which is not long.
    private func refusal(
      _ connection: EventConnection, _ head: (status: Int, mediaType: String), _ first: Data?
    ) async throws(StudyError) -> StudyError {
      var body = first ?? Data()
      while let more = try? await connection.next(), body.count < 1 << 20 { body += more }
      connection.close()
      return Answer(status: head.status, mediaType: head.mediaType, retryAfterSeconds: nil, body: body).error
    }
  }
}

/// Gives a connection up when its reader is gone: the session that it belongs to would hold it.
private final class OpenConnection: Sendable {
  let connection: EventConnection

  init(_ connection: EventConnection) { self.connection = connection }

  deinit { connection.close() }
}

extension RemoteStudyClient {
  /// What happens in a study from a place in its log on, as it happens; 0 for the beginning of the log, `nil` for its end.
  public func events(_ study: String, after sequence: Int? = nil) -> StudyEvents {
    StudyEvents(transport: transport, study: study, after: sequence)
  }
}
