import GRDB
import Instruments
import TuningModel

/// The one writer of a database: gathers the writes that arrive while a transaction is under way into the next one.
///
/// Waiting for the disk is most of the cost of a small transaction, so many writers share it. Each write has a
/// savepoint of its own: one that is refused leaves the others alone. A caller is answered after the commit.
actor GroupCommit {
  /// The most writes in one transaction.
  private static let largestBatch = 256

  /// What it counts about itself.
  struct WriterInstruments: Sendable {
    let seconds = Histogram()
    let writes = Counter()
    let waiting = Gauge()
  }

  nonisolated let instruments = WriterInstruments()
  private let pool: DatabasePool
  private var pending: [Job] = [] { didSet { instruments.waiting.set(pending.count) } }
  private var isRunning = false
  private var isClosed = false
  private var idle: [CheckedContinuation<Void, Never>] = []

  private typealias Reply = @Sendable () -> Void

  private struct Job: Sendable {
    /// Whether it wants a transaction for itself, being long.
    var isAlone: Bool
    /// Does the work; what it answers tells the caller, once the transaction is kept.
    var work: @Sendable (Database) throws -> Reply
    var fail: @Sendable (any Error) -> Void
  }

  init(_ pool: DatabasePool) { self.pool = pool }

  /// Writes in a transaction, together with others unless it shall be alone.
  ///
  /// - Throws: what `body` throws; `unavailable` after `close`.
  func write<Answer: Sendable>(
    alone: Bool = false, _ body: @escaping @Sendable (Database) throws -> Answer
  ) async throws(StudyError) -> Answer {
    if isClosed { throw StudyError(.unavailable, "The database is closed.") }
    let path = pool.path
    let result: Result<Answer, StudyError> = await withCheckedContinuation { continuation in
      pending.append(
        Job(isAlone: alone) { database in
          let answer = try body(database)
          return { continuation.resume(returning: .success(answer)) }
        } fail: { error in
          continuation.resume(returning: .failure(StudyError(error, at: path)))
        })
      if !isRunning {
        isRunning = true
        Task { await run() }
      }
    }
    return try result.get()
  }

  /// Refuses further writes and ends when those before are done.
  func close() async {
    isClosed = true
    if isRunning { await withCheckedContinuation { idle.append($0) } }
  }

  private func run() async {
    while !pending.isEmpty { await commit(nextBatch()) }
    isRunning = false
    for continuation in idle { continuation.resume() }
    idle = []
  }

  private func nextBatch() -> [Job] {
    let shared = pending.prefix(Self.largestBatch).prefix { !$0.isAlone }
    let batch = shared.isEmpty ? Array(pending.prefix(1)) : Array(shared)
    pending.removeFirst(batch.count)
    return batch
  }

  private func commit(_ batch: [Job]) async {
    let began = ContinuousClock.now
    instruments.writes.add(batch.count)
    do {
      let replies = try await pool.write { database in
        try batch.map { job in try Self.reply(of: job, in: database) }
      }
      instruments.seconds.note(.now - began)
      for reply in replies { reply() }
    } catch {
      for job in batch { job.fail(error) }
    }
  }

  /// Does one job in a savepoint; an error that is the job's own is told to its caller, any other ends the transaction.
  private static func reply(of job: Job, in database: Database) throws -> Reply {
    do {
      var reply: Reply?
      try database.inSavepoint {
        reply = try job.work(database)
        return .commit
      }
      return reply ?? {}
    } catch {
      guard database.isInsideTransaction, isOwn(error) else { throw error }
      return { job.fail(error) }
    }
  }

  private static func isOwn(_ error: any Error) -> Bool {
    error is StudyError || (error as? DatabaseError)?.resultCode == .SQLITE_CONSTRAINT
  }
}
