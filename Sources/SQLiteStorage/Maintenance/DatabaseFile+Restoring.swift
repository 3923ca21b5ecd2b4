import Foundation
import GRDB
import StudyOperations
package import TuningModel

extension DatabaseFile {
  /// What putting a backup in a database's place came to.
  package struct Restoration: Hashable, Sendable {
    /// What is in place now.
    package var check: DatabaseCheck
    /// Where what was there before is; `nil` where there was nothing.
    package var previous: String?
  }

  /// Puts the content of a backup in its place; what was there is kept beside it under another name.
  ///
  /// At every moment there is a whole database under the name: the one before or the restored one.
  /// - Parameters:
  ///   - suffix: what the name of the file before gets at its end, after `.before-restore-`.
  ///   - catalog: the tuners, for the check of the backup.
  /// - Throws: `database_in_use` where somebody holds it; `storage_failed` where the backup is not sound, or there is no
  ///   room for two.
  package func restore(
    from backup: DatabaseFile, suffix: String, _ catalog: TunerCatalog
  ) throws(StudyError) -> Restoration {
    if backup.path == path { throw StudyError(.storageFailed, "\(path) is the database itself, not a backup of it.") }
    let lock = try DatabaseLock(for: path, command: "hone db restore")
    defer { withExtendedLifetime(lock) {} }
    var (copy, check) = try backup.checkedCopy(at: path, catalog)
    check.path = path
    do throws(StudyError) {
      let previous = exists ? try setAside(suffix) : nil
      DurableFiles.remove(logPath)
      DurableFiles.remove(sharedMemoryPath)
      try DurableFiles.rename(copy, to: path, replacing: true)
      return Restoration(check: check, previous: previous)
    } catch {
      DurableFiles.remove(copy)
      throw error
    }
  }

  /// Gives the present files a second name.
  ///
  /// - Returns: the second name of the database.
  private func setAside(_ suffix: String) throws(StudyError) -> String {
    gatherLog()
    var aside = "\(path).before-restore-\(suffix)"
    var number = 1
    while FileManager.default.fileExists(atPath: aside) {
      number += 1
      aside = "\(path).before-restore-\(suffix)-\(number)"
    }
    // Where the log could not be gathered, since the file is damaged, it stays with the file that it belongs to.
    if logSize > 0 { try Self.keep(logPath, as: aside + "-wal") }
    try Self.keep(path, as: aside)
    try DurableFiles.syncFolder(of: path)
    return aside
  }

  /// Brings the write-ahead log into the file, where that is possible.
  private func gatherLog() {
    var configuration = Configuration()
    configuration.label = "hone maintenance"
    guard let queue = try? DatabaseQueue(path: path, configuration: configuration) else { return }
    _ = try? queue.inDatabase { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    try? queue.close()
  }

  private static func keep(_ path: String, as aside: String) throws(StudyError) {
    if link(path, aside) == 0 { return }
    // A file system without links.
    do {
      try FileManager.default.copyItem(atPath: path, toPath: aside)
    } catch {
      throw StudyError(.storageFailed, "Could not keep \(path) as \(aside): \(error)")
    }
    try DurableFiles.sync(aside)
  }
}
