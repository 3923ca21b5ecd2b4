import Foundation
import TuningModel

/// Changes of files and names that survive the loss of power.
enum DurableFiles {
  /// Brings a file's content to the disk.
  static func sync(_ path: String) throws(StudyError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw failure("open", path, errno) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw failure("flush", path, errno) }
  }

  /// Brings the names in the folder of a path to the disk.
  static func syncFolder(of path: String) throws(StudyError) {
    try sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
  }

  /// Gives a file its final name in one step; what had the name is gone then, where that is allowed.
  static func rename(_ path: String, to target: String, replacing: Bool) throws(StudyError) {
    if replacing {
      if Glibc.rename(path, target) != 0 { throw failure("rename", path, errno) }
    } else if link(path, target) == 0 {
      unlink(path)
    } else if errno == EEXIST {
      throw exists(target)
    } else {
      // A file system without links: between looking and renaming somebody might be faster.
      if FileManager.default.fileExists(atPath: target) { throw exists(target) }
      if Glibc.rename(path, target) != 0 { throw failure("rename", path, errno) }
    }
    try syncFolder(of: target)
  }

  /// Removes a file where there is one.
  static func remove(_ path: String) { unlink(path) }

  static func exists(_ target: String) -> StudyError {
    StudyError(.storageFailed, "There is a file \(target) already; name another, or say --force to replace it.")
  }

  private static func failure(_ what: String, _ path: String, _ reason: Int32) -> StudyError {
    StudyError(.storageFailed, "Could not \(what) \(path): \(String(cString: strerror(reason))).")
  }
}
