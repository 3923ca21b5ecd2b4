import GRDB
import TuningModel

extension StudyError {
  /// What reading or writing a database failed with.
  init(_ error: any Error, at path: String) {
    switch error {
    case let error as StudyError: self = error
    case is CancellationError: self.init(.unavailable, "The request was given up before it was carried out.")
    case let error as DatabaseError: self.init(.storageFailed, Self.message(error, path))
    default: self.init(.storageFailed, "The database \(path) failed: \(error)")
    }
  }

  /// Something that was stored cannot be read back.
  static func unreadable(_ what: String) -> StudyError {
    StudyError(.storageFailed, "The database holds \(what) that this version cannot read.")
  }

  private static func message(_ error: DatabaseError, _ path: String) -> String {
    let detail = error.message ?? error.resultCode.description
    return switch error.resultCode {
    case .SQLITE_FULL: "The disk is full: the database \(path) cannot grow (\(detail))."
    case .SQLITE_READONLY: "The database \(path) cannot be written (\(detail))."
    case .SQLITE_NOTADB: "The file \(path) is not a SQLite database."
    case .SQLITE_CORRUPT: "The database \(path) is damaged (\(detail)); restore it from a backup."
    case .SQLITE_CANTOPEN: "The database \(path) cannot be opened (\(detail))."
    case .SQLITE_BUSY, .SQLITE_LOCKED: "Another program has locked the database \(path) (\(detail))."
    case .SQLITE_IOERR: "Reading or writing the database \(path) failed (\(detail))."
    default: "The database \(path) failed: \(error)"
    }
  }
}
