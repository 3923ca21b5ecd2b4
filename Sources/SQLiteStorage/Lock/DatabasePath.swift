import Foundation
import TuningModel

/// The one path of a database that may be reached by several.
enum DatabasePath {
  /// The absolute path without symbolic links; the file itself need not be there, its folder must.
  ///
  /// - Throws: `storage_failed` where there is no such folder, or where something that is no file has the name.
  static func resolve(_ path: String) throws(StudyError) -> String {
    if path.isEmpty || path.utf8.contains(0) { throw failure("The path of the database is empty or holds a NUL.") }
    var url = URL(fileURLWithPath: path)
    // A link to a file that is not there yet stands for that file.
    for _ in 0..<40 {
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path) else { break }
      url = URL(fileURLWithPath: target, relativeTo: url.deletingLastPathComponent()).absoluteURL
    }
    let folder = url.deletingLastPathComponent().path
    guard let real = realpath(folder, nil) else {
      throw failure("There is no folder \(folder) for the database \(path).")
    }
    defer { free(real) }
    let base = String(cString: real)
    let resolved = (base == "/" ? "" : base) + "/" + url.lastPathComponent
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: resolved, isDirectory: &isFolder), isFolder.boolValue {
      throw failure("\(path) is a folder; the database needs the name of a file.")
    }
    return resolved
  }

  /// Checks that this user may write the file and what SQLite keeps beside it.
  ///
  /// SQLite itself opens a file that it may only read, and says so only at the first write.
  /// - Throws: `storage_failed` naming what cannot be written, and why.
  static func requireWritable(_ path: String) throws(StudyError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    for (what, file) in [("folder", folder), ("file", path), ("file", path + "-wal"), ("file", path + "-shm")] {
      if what == "file" && !FileManager.default.fileExists(atPath: file) { continue }
      if access(file, R_OK | W_OK) == 0 { continue }
      throw failure(
        "The \(what) \(file) cannot be written by this user (\(String(cString: strerror(errno)))). The database and its "
          + "folder, where SQLite keeps its log, need to be writable: change their owner, or keep the database elsewhere."
      )
    }
  }

  private static func failure(_ message: String) -> StudyError { StudyError(.storageFailed, message) }
}
