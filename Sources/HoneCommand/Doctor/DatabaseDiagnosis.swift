import Foundation
import SQLiteStorage
import TuningModel

/// What a database finds itself in: folder, permissions, room, holder, log.
struct DatabaseDiagnosis {
  /// Below this nothing works for long.
  private static let tooLittle = 64 << 20
  private static let little = 1 << 30

  let file: DatabaseFile

  /// Looks at all of it; the content is read only for its last moment.
  func all() -> [Diagnosis] {
    var found = [place, permissions, room, kind, holder]
    if file.exists {
      found += [schema, log]
      if let moments { found.append(moments) }
    }
    return found
  }

  private var place: Diagnosis {
    file.exists
      ? Diagnosis(.ok, "database", "\(file.path), \(ByteText.text(file.size))")
      : Diagnosis(
        .warn, "database", "there is no file \(file.path) yet",
        advice: "hone serve and hone study create make one; check the path if there should be one.")
  }

  private var permissions: Diagnosis {
    var missing: [String] = []
    for path in [file.path, file.logPath, file.path + ".lock"] where FileManager.default.fileExists(atPath: path) {
      if access(path, R_OK | W_OK) != 0 { missing.append("\(path): \(String(cString: strerror(errno)))") }
    }
    if access(file.folder, W_OK | X_OK) != 0 { missing.append("\(file.folder): \(String(cString: strerror(errno)))") }
    return Diagnosis(
      "permissions",
      missing.isEmpty ? "user \(geteuid()) may write the file and its folder" : missing.joined(separator: "; "), .fail,
      if: !missing.isEmpty,
      advice: "SQLite writes a log beside the file: let this user own both the file and its folder.")
  }

  private var room: Diagnosis {
    let facts = try? FileManager.default.attributesOfFileSystem(forPath: file.folder)
    guard let free = (facts?[.systemFreeSize] as? NSNumber)?.intValue else {
      return Diagnosis(.warn, "free space", "cannot be read in \(file.folder)")
    }
    let text = "\(ByteText.text(free)) in \(file.folder)"
    if free < Self.tooLittle {
      return Diagnosis(
        .fail, "free space", text, advice: "Free some space: with none left the server refuses every write.")
    }
    return Diagnosis(
      "free space", text, .warn, if: free < max(Self.little, 2 * file.size),
      advice: "A backup or a migration beside the file needs as much room as the file.")
  }

  private var kind: Diagnosis {
    guard let kind = FileSystemKind(of: file.folder) else {
      return Diagnosis(.warn, "file system", "of an unknown kind")
    }
    switch kind.suitability {
    case .good: return Diagnosis(.ok, "file system", kind.name)
    case .network:
      return Diagnosis(
        .warn, "file system", "\(kind.name), a network or user-space file system",
        advice: "Locks and flushes may not hold there, and a database can be damaged; keep it on a local disk.")
    case .memory:
      return Diagnosis(
        .warn, "file system", "\(kind.name), which is memory",
        advice: "The database is gone at the next start of the machine; keep it on a disk.")
    case .layered:
      return Diagnosis(
        .warn, "file system", "\(kind.name), the layer of a container",
        advice: "The database is gone with the container; keep it on a volume.")
    }
  }

  private var holder: Diagnosis {
    do throws(StudyError) {
      let name = try file.holder()
      return Diagnosis(.ok, "lock", name.map { "held by \($0)" } ?? "free: nobody holds the database")
    } catch {
      return Diagnosis(.fail, "lock", error.message, advice: "Let this user own the lock file.")
    }
  }

  private var schema: Diagnosis {
    do throws(StudyError) {
      let (version, newest) = try file.schema()
      return Diagnosis(
        "schema", "version \(version) of \(newest)", .warn, if: version > 0 && version < newest,
        advice: "The next start brings it up to date, after a copy; hone db migrate --dry-run shows how.")
    } catch {
      let advice =
        error.code == .databaseNewer
        ? "Use the version of Hone that wrote it, or a newer one." : "Look at hone db check, or restore a backup."
      return Diagnosis(.fail, "schema", error.message, advice: advice)
    }
  }

  private var log: Diagnosis {
    let size = file.logSize
    if size == 0 { return Diagnosis(.ok, "write log", "empty") }
    let isHeld = (try? file.holder()) ?? nil != nil
    return Diagnosis(
      "write log", ByteText.text(size) + (isHeld ? "" : "; the last holder did not close it"), .warn,
      if: size > 256 << 20,
      advice: isHeld
        ? "It cannot shrink while somebody reads for long, such as a backup; it does when the server is stopped."
        : "Nothing is lost: the next start brings it into the database.")
  }

  /// Whether the log tells of a time that is yet to come; `nil` where nothing is in it.
  private var moments: Diagnosis? {
    guard let last = (try? file.lastEvent()) ?? nil else { return nil }
    let ahead = Double(last.milliseconds) / 1_000 - Date().timeIntervalSince1970
    return Diagnosis(
      "last event", last.text + (ahead > 60 ? ", \(Int(ahead)) s from now" : ""), .warn, if: ahead > 60,
      advice: "The clock was ahead then or is behind now; times shown are wrong, leases are not affected.")
  }
}
