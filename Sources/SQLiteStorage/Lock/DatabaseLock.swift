import Foundation
import TuningModel

/// The right to use a database: an advisory lock of the operating system on a file beside it.
///
/// The lock ends with its process, however that ends. What the file says only names the holder, and the file stays
/// when the lock is given up: removing it would let two processes lock two files of the same name.
final class DatabaseLock: Sendable {
  private let descriptor: Int32
  private let holder: NSLock = NSLock()
  private let command: String?

  /// Takes the lock of a database at a path without symbolic links.
  ///
  /// - Throws: `database_in_use` naming the holder; `storage_failed` where there can be no lock file.
  init(for database: String, command: String?) throws(StudyError) {
    let path = database + ".lock"
    self.command = command
    descriptor = try Self.lock(path, of: database)
    name(address: nil)
  }

  deinit {
    // Nobody holds it from here on, so it names nobody.
    ftruncate(descriptor, 0)
    close(descriptor)
  }

  /// Notes the address at which the holder serves the database.
  func name(address: String?) {
    holder.withLock {
      let bytes = DatabaseHolder(command: command, address: address).json.bytes + [UInt8(ascii: "\n")]
      // Only messages to others rest on this, so a disk without room for it is no reason to stop.
      ftruncate(descriptor, 0)
      _ = pwrite(descriptor, bytes, bytes.count, 0)
    }
  }

  private static func lock(_ path: String, of database: String) throws(StudyError) -> Int32 {
    var attempt = 0
    while true {
      // Not inherited by child processes, which would go on holding the lock.
      let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      if descriptor < 0 { throw failure("opened", path, errno) }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let reason = errno
        defer { close(descriptor) }
        if reason == EINTR { continue }
        // Who only looks for the holder has it for a moment.
        if reason == EWOULDBLOCK, attempt < 10 {
          attempt += 1
          usleep(10_000)
          continue
        }
        throw reason == EWOULDBLOCK ? inUse(database, descriptor) : failure("locked", path, reason)
      }
      if isSame(descriptor, path) { return descriptor }
      // Somebody removed the file between the two calls; another process may lock its successor.
      close(descriptor)
    }
  }

  /// Who holds the lock of a database, in words; `nil` where nobody does.
  ///
  /// - Throws: `storage_failed` where the lock file cannot be read.
  static func holder(of database: String) throws(StudyError) -> String? {
    let path = database + ".lock"
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw failure("opened", path, errno)
    }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
    return name(descriptor)
  }

  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (held, named) = (stat(), stat())
    return fstat(descriptor, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino
      && held.st_dev == named.st_dev
  }

  private static func inUse(_ database: String, _ descriptor: Int32) -> StudyError {
    StudyError(.databaseInUse, "The database \(database) is in use by \(name(descriptor)).")
  }

  private static func name(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return DatabaseHolder(bytes.prefix(max(0, count)))?.text ?? "another process"
  }

  private static func failure(_ what: String, _ path: String, _ reason: Int32) -> StudyError {
    StudyError(.storageFailed, "The lock file \(path) cannot be \(what): \(String(cString: strerror(reason))).")
  }
}
