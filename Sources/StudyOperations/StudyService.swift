import Dispatch
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
  let pool: ComputePool
  let instruments = StudyInstruments()
  let board: WatchBoard
  private let cleaner: AnswerCleaner
  private let sweeper: Task<Void, Never>?
  /// Requests, and computations that have begun.
  private let underWay = DispatchGroup()

  /// The tuners that studies may use.
  public let catalog: TunerCatalog

  /// Starts the engine on a store.
  ///
  /// - Parameters:
  ///   - store: where studies are kept.
  ///   - catalog: the tuners that studies may use.
  ///   - clock: what says when leases end.
  ///   - pool: the threads that compute suggestions; several services may share one.
  ///   - sweepInterval: how often lost trials are taken back though nobody asks for anything, and idle studies let go of;
  ///     `nil` for never. Lost trials are also taken back before every step of their study.
  ///   - idleTime: how long a study that nobody asks for anything, and of which no trial is under way, stays in memory. It
  ///     is read again when it is needed, and goes on as if it had stayed.
  ///   - watchInterval: after so long at the latest those who watch a study hear that nothing has happened.
  public init(
    store: any StudyStore, catalog: TunerCatalog, clock: any StudyClock = SystemClock(),
    pool: ComputePool = ComputePool(), sweepInterval: Duration? = .seconds(1), idleTime: Duration = .seconds(600),
    watchInterval: Duration = .seconds(15)
  ) {
    self.store = store
    self.catalog = catalog
    self.clock = clock
    self.pool = pool
    let board = WatchBoard(interval: watchInterval)
    self.board = board
    let sessions = SessionRegistry(store: store, clock: clock, idleTime: idleTime) {
      [chores, underWay, instruments, board] in
      StudySession(
        $0, terms: $1, store: store, catalog: catalog, clock: clock, pool: pool, chores: chores, underWay: underWay,
        instruments: instruments, board: board)
    }
    self.sessions = sessions
    let cleaner = AnswerCleaner(store, clock)
    self.cleaner = cleaner
    sweeper = sweepInterval.map { interval in
      Task {
        // A study whose steps have to wait does not keep the others waiting.
        while (try? await Task.sleep(for: interval)) != nil {
          Task { await sessions.sweep() }
          Task { await cleaner.clean() }
        }
      }
    }
  }

  deinit { sweeper?.cancel() }

  /// Takes back trials whose lease or time has run out, in all studies, lets go of studies that are idle, and removes
  /// answers that are kept no longer.
  public func sweep() async {
    await sessions.sweep()
    await cleaner.clean()
  }

  /// Takes no more requests, finishes those under way, writes snapshots and closes the store.
  ///
  /// When it returns, nothing is being computed. What is computed ahead of time is given up unless a thread has taken it
  /// up; a computation cannot be interrupted, so it is waited for. A second call waits for nothing.
  public func shutdown() async { await shutdown(leavingComputations: false) }

  /// Shuts down, without awaiting the computations where the process is about to end without taking its libraries down.
  package func shutdown(leavingComputations: Bool) async {
    sweeper?.cancel()
    board.close()
    guard let open = await sessions.close() else { return }
    for session in open { await session.stopPreparing() }
    if !leavingComputations {
      await withCheckedContinuation { continuation in underWay.notify(queue: .global()) { continuation.resume() } }
    }
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
    underWay.enter()
    defer { underWay.leave() }
    let session = try await sessions.enter(name)
    do throws(StudyError) {
      let answer = try await body(session)
      await sessions.leave(session)
      return answer
    } catch {
      await sessions.leave(session)
      if error.code == .studyNotFound { await sessions.drop(session) }
      throw error
    }
  }

  /// How many studies are in memory.
  package var sessionCount: Int { get async { await sessions.all.count } }
}
