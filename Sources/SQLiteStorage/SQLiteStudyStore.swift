import Foundation
import GRDB
public import StudyOperations
public import TuningModel

/// Studies in one SQLite file, held by one process.
///
/// Writes go through one connection, many to a transaction; reads have read-only connections of their own and never
/// wait for writes. An answered write is on the disk, as far as `durability` promises.
public final class SQLiteStudyStore: StudyStore {
  /// The absolute path of the database, without symbolic links.
  public let path: String
  /// What an answered write survives.
  public let durability: Durability

  let pool: DatabasePool
  let writer: GroupCommit
  private let lock: Holding
  /// The copy that was taken before the schema was brought up to date; `nil` where nothing was missing.
  package let migrationBackup: String?

  /// Opens or creates a database and takes the lock on it.
  ///
  /// - Parameter command: what this process is called in messages to others that want the database; the name of the
  ///   executable where left out.
  /// - Throws: `database_in_use` naming the holder; `database_newer`; `storage_failed` where there is no such folder,
  ///   the file is none of Hone's databases, cannot be written …
  public static func open(
    _ path: String, durability: Durability = .full, command: String? = nil
  ) async throws(StudyError) -> SQLiteStudyStore {
    try await open(path, durability: durability, command: command, migrations: Migration.all)
  }

  /// Opens a database with the schema that these migrations lead to.
  package static func open(
    _ path: String, durability: Durability = .full, command: String? = nil, migrations: [Migration]
  ) async throws(StudyError) -> SQLiteStudyStore {
    // A migration can take long, so this is no work for the threads of Swift's tasks.
    let result: Result<SQLiteStudyStore, StudyError> = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        do throws(StudyError) {
          continuation.resume(returning: .success(try SQLiteStudyStore(path, durability, command, migrations)))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  private init(
    _ path: String, _ durability: Durability, _ command: String?, _ migrations: [Migration]
  ) throws(StudyError) {
    let path = try DatabasePath.resolve(path)
    try DatabasePath.requireWritable(path)
    let lock = try DatabaseLock(for: path, command: command)
    let migrator = Migrator(migrations: migrations, path: path)
    let version = try migrator.inspect()
    do {
      pool = try DatabasePool(path: path, configuration: Self.configuration)
      migrationBackup = try migrator.migrate(pool, from: version)
      try pool.writeWithoutTransaction { database in
        // The pool has set NORMAL for itself while it opened.
        try database.execute(sql: "PRAGMA synchronous = \(durability.synchronous)")
        let setting = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        guard setting == durability.synchronous else {
          throw StudyError(.storageFailed, "SQLite does not accept the durability \(durability.rawValue) for \(path).")
        }
      }
    } catch {
      throw StudyError(error, at: path)
    }
    self.path = path
    self.durability = durability
    self.lock = Holding(lock)
    writer = GroupCommit(pool)
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "hone"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { database in
      // Versions of SQLite before 3.51.3 have a rare race when another connection than the writer checkpoints.
      if database.configuration.readonly { try database.execute(sql: "PRAGMA wal_autocheckpoint = 0") }
    }
    return configuration
  }

  /// Tells other processes that want the database at which address it is served.
  public func announce(address: String?) { lock.name(address: address) }

  /// Finishes the writes under way, brings everything into the one file and lets go of it.
  public func close() async {
    await writer.close()
    // Without this the write-ahead log stays beside the file and is read at the next start, which is just as sound.
    _ = try? await pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    let pool = pool
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        // Fails where a read is under way; the connections then close with the last reference to the pool.
        try? pool.close()
        continuation.resume()
      }
    }
    lock.release()
  }

  /// Reads on a connection of its own.
  func read<Answer: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Answer
  ) async throws(StudyError) -> Answer {
    if lock.isReleased { throw StudyError(.unavailable, "The database is closed.") }
    do { return try await pool.read(body) } catch { throw StudyError(error, at: path) }
  }
}
