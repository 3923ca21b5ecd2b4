import Foundation
import GRDB
import TuningModel

/// Brings a database to this program's version of the schema; never back.
struct Migrator: Sendable {
  /// Marks a file as Hone's, in the place that SQLite's file format has for it: "Hone" in ASCII.
  static let applicationID = 0x486F_6E65

  let migrations: [Migration]
  let path: String

  private var newest: Int { migrations.last?.version ?? 0 }

  /// Looks at the file before anything is changed in it.
  ///
  /// - Returns: the version of its schema; 0 for a file that is not there or is empty.
  /// - Throws: `database_newer` for a newer schema, `storage_failed` for a file that is not Hone's.
  func inspect() throws(StudyError) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let size = (attributes?[.size] as? NSNumber)?.intValue, size > 0 else { return 0 }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let (application, version, tables): (Int, Int, Int)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      (application, version, tables) = try queue.read { database in
        (
          try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
          try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
          try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        )
      }
      try queue.close()
    } catch {
      throw StudyError(error, at: path)
    }
    if application != Self.applicationID, tables > 0 {
      throw StudyError(.storageFailed, "The file \(path) is a SQLite database of another program.")
    }
    if version > newest {
      throw StudyError(
        .databaseNewer,
        "The database \(path) has version \(version) of the schema; this program knows versions up to \(newest).")
    }
    return version
  }

  /// Runs the steps that are missing in one transaction, after a copy of a database that has content was taken beside it.
  ///
  /// - Returns: the path of the copy.
  func migrate(_ pool: DatabasePool, from version: Int) throws -> String? {
    let missing = migrations.filter { $0.version > version }
    if missing.isEmpty { return nil }
    let copy = version > 0 ? try copy(pool, version) : nil
    try pool.write { database in
      for migration in missing { try migration.run(in: database) }
      try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
    }
    return copy
  }

  /// Copies the database to a name that tells its version and that nothing has yet.
  private func copy(_ pool: DatabasePool, _ version: Int) throws -> String {
    var target = "\(path).schema-\(version).backup"
    var number = 1
    while FileManager.default.fileExists(atPath: target) {
      number += 1
      target = "\(path).schema-\(version).backup-\(number)"
    }
    try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [target]) }
    try DurableFiles.sync(target)
    try DurableFiles.syncFolder(of: target)
    return target
  }
}
