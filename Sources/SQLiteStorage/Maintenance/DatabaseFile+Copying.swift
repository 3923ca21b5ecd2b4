import Foundation
import GRDB
import StudyOperations
package import TuningModel

extension DatabaseFile {
  /// Copies it, at one moment, into another file, which appears under its name only whole, checked and on the disk.
  ///
  /// A server may hold the database meanwhile, and goes on writing.
  /// - Parameters:
  ///   - overwriting: whether a file that has the name is replaced; never one that is held or was not closed properly.
  ///   - catalog: the tuners, for the check of the copy.
  /// - Returns: what the check of the copy has shown.
  /// - Throws: `storage_failed` where there is such a file, there is no room, or the copy is not sound;
  ///   `database_in_use` where the target is held.
  package func backUp(
    to target: DatabaseFile, overwriting: Bool, _ catalog: TunerCatalog
  ) throws(StudyError) -> DatabaseCheck {
    if target.path == path { throw StudyError(.storageFailed, "\(path) cannot be its own backup; name another file.") }
    if target.exists && !overwriting { throw DurableFiles.exists(target.path) }
    try target.requireAtRest()
    let (copy, check) = try checkedCopy(at: target.path, catalog)
    do throws(StudyError) {
      try DurableFiles.rename(copy, to: target.path, replacing: overwriting)
    } catch {
      DurableFiles.remove(copy)
      throw error
    }
    return check
  }

  /// Copies it to a passing name beside a path, and looks through the copy.
  ///
  /// - Returns: the name, and what the check has shown.
  func checkedCopy(
    at target: String, _ catalog: TunerCatalog
  ) throws(StudyError) -> (path: String, check: DatabaseCheck) {
    let copy = try DatabaseFile("\(target).part-\(getpid())")
    DurableFiles.remove(copy.path)
    do throws(StudyError) {
      if try schema().version == 0 { throw StudyError(.storageFailed, "The database \(path) is empty.") }
      try vacuum(into: copy.path)
      var check = try copy.check(catalog)
      check.path = path
      guard check.isSound else { throw StudyError.unsound(check) }
      try DurableFiles.sync(copy.path)
      return (copy.path, check)
    } catch {
      for file in [copy.path, copy.path + "-journal"] { DurableFiles.remove(file) }
      throw error
    }
  }

  /// Writes what the database holds at this moment into a file that is not there yet.
  func vacuum(into target: String) throws(StudyError) {
    try reading { try $0.execute(sql: "VACUUM INTO ?", arguments: [target]) }
  }

  /// - Throws: `database_in_use` where somebody holds it, `storage_failed` where its log is not in it yet.
  private func requireAtRest() throws(StudyError) {
    if let holder = try holder() { throw StudyError(.databaseInUse, "The database \(path) is in use by \(holder).") }
    for file in [logPath, path + "-journal"] where FileManager.default.fileExists(atPath: file) {
      throw StudyError(
        .storageFailed,
        "\(file) belongs to \(path), which was not closed properly; a copy of that name would be damaged by it. Name "
          + "another file.")
    }
  }
}

extension StudyError {
  /// A database is damaged.
  static func unsound(_ check: DatabaseCheck) -> StudyError {
    let failures = check.findings.filter { $0.severity == .failure }
    let first = failures.first.map { ($0.study.map { "study \"\($0)\": " } ?? "") + $0.text } ?? ""
    return StudyError(
      .storageFailed,
      "The database \(check.path) is damaged in \(failures.count) place(s), such as: \(first). hone db check \(check.path) "
        + "lists them all.")
  }
}
