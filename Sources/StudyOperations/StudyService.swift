public import TuningModel

/// The engine: every study of one store, offered as the protocol that the remote client speaks too.
///
/// Answers that read trials leave out the secret tokens of leases (the token is empty there); only `ask` and
/// `heartbeat` give them, to the worker that holds the lease.
public final class StudyService: Sendable {
  let store: any StudyStore
  let chores = ComputePool(threads: 1)
  let clock: any StudyClock
  let sessions: SessionRegistry
  private let sweeper: Task<Void, Never>?

  /// The tuners that studies may use.
  public let catalog: TunerCatalog

  /// Starts the engine on a store.
  ///
  /// - Parameter pool: the threads that compute suggestions; several services may share one.
  /// - Parameter sweepInterval: how often lost trials are taken back though nobody asks for anything; `nil` for never.
  ///   They are also taken back before every step of their study.
  public init(
    store: any StudyStore, catalog: TunerCatalog, clock: any StudyClock = SystemClock(),
    pool: ComputePool = ComputePool(), sweepInterval: Duration? = .seconds(1)
  ) {
    self.store = store
    self.catalog = catalog
    self.clock = clock
    let sessions = SessionRegistry { [chores] in
      StudySession($0, store: store, catalog: catalog, clock: clock, pool: pool, chores: chores)
    }
    self.sessions = sessions
    sweeper = sweepInterval.map { interval in
      Task {
        while (try? await Task.sleep(for: interval)) != nil { await sessions.sweep() }
      }
    }
  }

  deinit { sweeper?.cancel() }

  /// Takes back trials whose lease or time has run out, in all studies in use.
  public func sweep() async { await sessions.sweep() }

  /// Takes no more requests, finishes those under way, writes snapshots and closes the store.
  ///
  /// A suggestion that is being computed ahead of time is not waited for. A second call waits for nothing.
  public func shutdown() async {
    sweeper?.cancel()
    guard let open = await sessions.close() else { return }
    for session in open { await session.stopPreparing() }
    for session in open {
      await session.finish()
      await session.keepSnapshot()
    }
    await store.close()
  }

  /// Ends when all that was asked for so far is done, snapshots and suggestions in the background included.
  package func settle() async {
    for session in await sessions.all {
      await session.finish()
      await session.finishPreparing()
    }
  }

  /// Runs something in a study's session, which is let go of when there is no such study.
  func session<Answer: Sendable>(
    _ name: String, _ body: (StudySession) async throws(StudyError) -> Answer
  ) async throws(StudyError) -> Answer {
    let session = try await sessions.session(name)
    do throws(StudyError) {
      return try await body(session)
    } catch {
      if error.code == .studyNotFound { await sessions.drop(session) }
      throw error
    }
  }
}

extension SessionRegistry {
  /// Takes back lost trials in every study in use.
  func sweep() async {
    for session in all { await session.sweep() }
  }
}
