import TuningModel

/// The sessions of the studies in use, by name.
///
/// A study is in use from its first request, or from the start where trials of it are under way, until nobody has asked
/// anything of it for a while and nothing of it is under way.
actor SessionRegistry {
  private struct Entry {
    let session: StudySession
    /// How many requests it has been given to, and how many of them are under way.
    var uses = 0
    var users = 0
    /// When the last of them ended.
    var lastUse: UInt64
  }

  private var entries: [String: Entry] = [:]
  private var isClosed = false
  /// Whether the trials that were under way at the start have been looked for.
  private var knowsLeases = false
  private let store: any StudyStore
  private let clock: any StudyClock
  private let opening: UInt64
  private let idleNanoseconds: UInt64
  private let make: @Sendable (String, LeaseTerms) -> StudySession

  /// - Parameter idleTime: how long a session is kept that nobody asks for anything.
  init(
    store: any StudyStore, clock: any StudyClock, idleTime: Duration,
    make: @escaping @Sendable (String, LeaseTerms) -> StudySession
  ) {
    self.store = store
    self.clock = clock
    opening = clock.monotonicNanoseconds
    idleNanoseconds = UInt64(max(0, min(idleTime / .nanoseconds(1), 1e18)))
    self.make = make
  }

  /// The session of a study, which need not exist, for one request; `leave` has to follow.
  ///
  /// - Throws: `unavailable` once the registry is closed.
  func enter(_ name: String) throws(StudyError) -> StudySession {
    if isClosed { throw .stopping }
    var entry = entries[name] ?? Entry(session: make(name, LeaseTerms()), lastUse: 0)
    entry.uses += 1
    entry.users += 1
    entries[name] = entry
    return entry.session
  }

  /// Ends a request.
  func leave(_ session: StudySession) {
    guard var entry = entries[session.name], entry.session === session else { return }
    entry.users -= 1
    entry.lastUse = clock.monotonicNanoseconds
    entries[session.name] = entry
  }

  /// - Throws: `unavailable` once the registry is closed.
  func checkOpen() throws(StudyError) {
    if isClosed { throw .stopping }
  }

  /// The session of a study, where it is in use.
  func present(_ name: String) -> StudySession? { entries[name]?.session }

  /// Lets go of a session whose study is not there, unless another has taken its place.
  func drop(_ session: StudySession) {
    if entries[session.name]?.session === session { entries[session.name] = nil }
  }

  /// All sessions.
  var all: [StudySession] { entries.values.map(\.session) }

  /// Gives out no more sessions.
  ///
  /// - Returns: those in use; none when it was closed before.
  func close() -> [StudySession]? {
    if isClosed { return nil }
    isClosed = true
    defer { entries = [:] }
    return all
  }
}

// MARK: What is done from time to time

extension SessionRegistry {
  /// Takes back lost trials in every study, and lets go of sessions that have been idle for long.
  func sweep() async {
    await rememberLeases()
    for session in all { await session.sweep() }
    await evictIdle()
  }

  /// Lets the leases of trials that were under way at the start run from then on, once.
  ///
  /// Their studies are not read before one of the leases ends, or somebody asks for something.
  private func rememberLeases() async {
    if knowsLeases { return }
    // Where the store does not answer, the next sweep tries again.
    guard let found = try? await store.leases() else { return }
    knowsLeases = true
    for study in found where entries[study.name] == nil && !isClosed {
      entries[study.name] = Entry(session: make(study.name, LeaseTerms(study, from: opening)), lastUse: opening)
    }
  }

  private func evictIdle() async {
    let now = clock.monotonicNanoseconds
    for (name, entry) in entries where entry.users == 0 && now &- entry.lastUse >= idleNanoseconds {
      guard await entry.session.rest() else { continue }
      // Somebody may have come meanwhile.
      if let present = entries[name], present.session === entry.session, present.uses == entry.uses {
        entries[name] = nil
      }
    }
  }
}
