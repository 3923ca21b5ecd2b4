import GRDB
import TuningModel

extension StudyError {
  /// What reading or writing a database failed with.
  init(_ error: any Error, at path: String) {
    switch error {
    case let error as StudyError: self = error
    case is CancellationError: self.init(.unavailable, "The request was given up before it was carried out.")
    case let error as DatabaseError:
      self.init(error.meansFull ? .storageFull : .storageFailed, Self.message(error, path))
    default: self.init(.storageFailed, "The database \(path) failed: \(error)")
    }
  }

  /// Something that was stored cannot be read back.
  static func unreadable(_ what: String) -> StudyError {
    StudyError(.storageFailed, "The database holds \(what) that this version cannot read.")
  }

  private static func message(_ error: DatabaseError, _ path: String) -> String {
    // What clients of a server read too, so that it names no path.
    if error.meansFull { return "There is no room on the disk for the database; nothing was stored. Free some space." }
    let detail = error.message ?? error.resultCode.description
    return switch error.resultCode {
    case .SQLITE_READONLY:
      "The database \(path) cannot be written (\(detail)); this user needs write access to the file and its folder."
    case .SQLITE_NOTADB: "The file \(path) is not a SQLite database."
    case .SQLITE_CORRUPT: "The database \(path) is damaged (\(detail)); restore it from a backup."
    case .SQLITE_CANTOPEN: "The database \(path) cannot be opened (\(detail))."
    case .SQLITE_BUSY, .SQLITE_LOCKED: "Another program has locked the database \(path) (\(detail))."
    case .SQLITE_IOERR: "Reading or writing the database \(path) failed (\(detail))."
    default: "The database \(path) failed: \(error)"
    }
  }
}

extension DatabaseError {
  /// Whether there is no room: a full disk, or a quota or limit, which SQLite reports as a failed write.
  fileprivate var meansFull: Bool {
    resultCode == .SQLITE_FULL || extendedResultCode == .SQLITE_IOERR_WRITE
      || extendedResultCode == .SQLITE_IOERR_SHMSIZE
  }
}
