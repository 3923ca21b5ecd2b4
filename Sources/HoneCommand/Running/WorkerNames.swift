package import Foundation
import TuningModel

/// The names under which the slots of a run ask for trials.
///
/// A name has to be the same after a restart, so that a slot receives its own unfinished trials again, and must not be
/// that of another slot, which would receive the same trials. So a name is a prefix and the lowest number that no other
/// process of this user holds for this study; the lock that holds it ends with its process.
package final class WorkerNames: Sendable {
  /// The names, one for each slot.
  package let names: [String]
  private let locks: [Int32]

  /// Takes names.
  ///
  /// - Parameters:
  ///   - prefix: what the names begin with; where left out, the host's name and digits of this folder's own, since two
  ///     users, containers or cloned machines may share a host's name.
  ///   - folder: where the lock files are kept.
  /// - Throws: `CommandFailure` when lock files cannot be made.
  package init(
    _ count: Int, prefix: String?, study: String, folder: URL = WorkerNames.folder
  ) throws(CommandFailure) {
    var names: [String] = []
    var locks: [Int32] = []
    do throws(CommandFailure) {
      try Self.prepare(folder)
      let stem: String
      if let prefix { stem = prefix } else { stem = "\(Self.hostName)-\(try Self.identity(in: folder))" }
      var number = 0
      while names.count < count {
        number += 1
        let name = "\(stem)-\(number)"
        let file = folder.appendingPathComponent(Self.digest("\(study)\0\(name)") + ".lock")
        if let lock = try Self.lock(file) {
          locks.append(lock)
          names.append(name)
        }
      }
    } catch {
      for lock in locks { close(lock) }
      throw error
    }
    self.names = names
    self.locks = locks
  }

  deinit { for lock in locks { close(lock) } }

  /// Where lock files are kept: a folder of this user's own under the system's folder for temporary files.
  package static var folder: URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("hone-workers-\(getuid())")
  }

  /// The host's name, with everything replaced that a worker's name may not have.
  private static var hostName: String {
    let name = ProcessInfo.processInfo.hostName.prefix(80)
    let clean = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
    return clean.first.map { $0.isLetter || $0.isNumber } == true ? clean : "host"
  }

  private static func prepare(_ folder: URL) throws(CommandFailure) {
    if mkdir(folder.path, 0o700) == 0 { return }
    var status = stat()
    let isOurs = lstat(folder.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == getuid()
    if errno != EEXIST && !isOurs {
      throw CommandFailure(.failed, "the folder \(folder.path) for worker names cannot be made")
    }
    if !isOurs { throw CommandFailure(.failed, "\(folder.path) is not this user's own folder; set TMPDIR to another") }
  }

  /// Four hexadecimal digits, drawn once for a folder.
  private static func identity(in folder: URL) throws(CommandFailure) -> String {
    let file = folder.appendingPathComponent("identity")
    let drawn = String(UInt16.random(in: 0x1000...0xFFFF), radix: 16)
    // Linking is atomic: of two runs that draw at the same time, both take what the first one linked.
    let draft = folder.appendingPathComponent("identity-\(UUID().uuidString)")
    try? Data(drawn.utf8).write(to: draft)
    link(draft.path, file.path)
    unlink(draft.path)
    guard let kept = try? String(contentsOf: file, encoding: .utf8), kept.count == 4 else {
      throw CommandFailure(.failed, "\(file.path) cannot be read; remove it")
    }
    return kept
  }

  /// Locks a file; `nil` where another process, or another run in this one, holds it.
  private static func lock(_ file: URL) throws(CommandFailure) -> Int32? {
    let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw CommandFailure(.failed, "\(file.path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
    close(descriptor)
    return nil
  }

  /// FNV-1a in 64 bits: short, and the same in every process.
  private static func digest(_ text: String) -> String {
    let hash = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }
}
