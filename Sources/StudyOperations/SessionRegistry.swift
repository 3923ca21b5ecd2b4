import TuningModel

/// The sessions of the studies in use, by name.
actor SessionRegistry {
  private var sessions: [String: StudySession] = [:]
  private var isClosed = false
  private let make: @Sendable (String) -> StudySession

  init(make: @escaping @Sendable (String) -> StudySession) { self.make = make }

  /// The session of a study, which need not exist.
  ///
  /// - Throws: `unavailable` once the registry is closed.
  func session(_ name: String) throws(StudyError) -> StudySession {
    if isClosed { throw .stopping }
    if let session = sessions[name] { return session }
    let session = make(name)
    sessions[name] = session
    return session
  }

  /// - Throws: `unavailable` once the registry is closed.
  func checkOpen() throws(StudyError) {
    if isClosed { throw .stopping }
  }

  /// The session of a study, where it is in use.
  func present(_ name: String) -> StudySession? { sessions[name] }

  /// Lets go of a session whose study is not there, unless another has taken its place.
  func drop(_ session: StudySession) {
    if sessions[session.name] === session { sessions[session.name] = nil }
  }

  /// All sessions.
  var all: [StudySession] { Array(sessions.values) }

  /// Gives out no more sessions.
  ///
  /// - Returns: those in use; none when it was closed before.
  func close() -> [StudySession]? {
    if isClosed { return nil }
    isClosed = true
    defer { sessions = [:] }
    return Array(sessions.values)
  }
}
