import Foundation
import GRDB
package import TuningModel

/// A database as a file to look after: to be checked, copied, put back and brought up to date.
package struct DatabaseFile: Hashable, Sendable {
  /// The absolute path, without symbolic links.
  package let path: String

  /// Names a database; nothing is opened.
  ///
  /// - Throws: `storage_failed` where there is no such folder, or where the path is of a folder.
  package init(_ path: String) throws(StudyError) { self.path = try DatabasePath.resolve(path) }

  /// Whether there is a file.
  package var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// The folder that it is in.
  package var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// The path of its write-ahead log.
  package var logPath: String { path + "-wal" }

  /// The path of the memory that connections share.
  var sharedMemoryPath: String { path + "-shm" }

  /// The size of the file in bytes; 0 where there is none.
  package var size: Int { Self.size(path) }

  /// The size of the write-ahead log in bytes; 0 where there is none.
  package var logSize: Int { Self.size(logPath) }

  private static func size(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  /// Who holds it, in words; `nil` where nobody does.
  package func holder() throws(StudyError) -> String? { try DatabaseLock.holder(of: path) }

  /// The version of its schema, and the newest one that this program knows.
  ///
  /// - Throws: `database_newer` for a newer one, `storage_failed` for a file that is not Hone's.
  package func schema() throws(StudyError) -> (version: Int, newest: Int) {
    (try Migrator(migrations: Migration.all, path: path).inspect(), Migration.all.last?.version ?? 0)
  }

  /// When the last event of all was recorded; `nil` where there is none.
  package func lastEvent() throws(StudyError) -> Timestamp? {
    try reading { database in
      try Int64.fetchOne(
        database,
        sql: "SELECT max(e.at) FROM studies AS s JOIN events AS e ON e.study = s.id AND e.sequence = s.last_sequence")
    }.map(Timestamp.init(milliseconds:))
  }

  /// The version of the SQLite library in this process.
  package static var libraryVersion: String {
    let version = try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
    return version.flatMap(\.self) ?? "unknown"
  }

  /// Reads on a connection of its own that neither writes nor takes the lock: a server may hold the database meanwhile.
  func reading<Answer>(_ body: (Database) throws -> Answer) throws(StudyError) -> Answer {
    var configuration = Configuration()
    configuration.label = "hone maintenance"
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      let answer = try queue.inDatabase(body)
      try queue.close()
      return answer
    } catch {
      throw StudyError(error, at: path)
    }
  }
}
