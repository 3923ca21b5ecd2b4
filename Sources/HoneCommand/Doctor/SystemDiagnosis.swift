import Foundation
import Hone
import SQLiteStorage
import TuningModel

/// What Hone finds itself in: program, system, processor, libraries, clock.
enum SystemDiagnosis {
  /// Looks at all of it.
  static func all() -> [Diagnosis] { [version, system, processor, linearAlgebra, storage, files, clock] }

  private static var version: Diagnosis {
    Diagnosis(.ok, "version", "Hone \(HoneVersion.current), built with Swift \(swift), \(executable)")
  }

  private static var swift: String {
    #if swift(>=6.4)
      "6.4 or newer"
    #elseif swift(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  private static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }

  private static var system: Diagnosis {
    var names = utsname()
    uname(&names)
    let kernel = withUnsafeBytes(of: &names.release) { text($0) }
    let machine = withUnsafeBytes(of: &names.machine) { text($0) }
    let name = line(of: "/etc/os-release", startingWith: "PRETTY_NAME=")?.trimmingCharacters(in: ["\""])
    return Diagnosis(.ok, "system", "\(name ?? "Linux"), kernel \(kernel), \(machine)")
  }

  private static var processor: Diagnosis {
    let model = line(of: "/proc/cpuinfo", startingWith: "model name")?
      .drop { $0 == ":" || $0 == " " || $0 == "\t" }
    let count = ProcessInfo.processInfo.activeProcessorCount
    let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return Diagnosis(
      "processor", "\(count) × \(model.map(String.init) ?? "unknown model"), \(ByteText.text(memory)) of memory", .warn,
      if: count < 2, advice: "With one processor suggestions and requests take turns; give the server two.")
  }

  private static var linearAlgebra: Diagnosis {
    let file = library("openblas").map { ", \($0)" } ?? ""
    let threads = Numerics.threads
    return Diagnosis(
      "blas",
      "OpenBLAS \(Numerics.library) for \(Numerics.core), \(threads) thread\(threads == 1 ? "" : "s") a call\(file)",
      .warn,
      if: threads != 1 || Numerics.library == "unknown",
      advice: "Hone expects OpenBLAS on one thread; install libopenblas0 and let nothing preload another BLAS.")
  }

  private static var storage: Diagnosis {
    let version = DatabaseFile.libraryVersion
    let parts = version.split(separator: ".").compactMap { Int($0) }
    return Diagnosis(
      "sqlite", "SQLite \(version)\(library("sqlite3").map { ", \($0)" } ?? "")", .fail,
      if: parts.lexicographicallyPrecedes([3, 38]),
      advice: "Hone needs SQLite 3.38 or newer; install a newer libsqlite3-0.")
  }

  private static var files: Diagnosis {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let text = limit.rlim_cur == rlim_t.max ? "unlimited" : "\(limit.rlim_cur)"
    return Diagnosis(
      "open files", "at most \(text)", .warn, if: limit.rlim_cur < 1_024,
      advice: "Each connection is a file: raise the limit with ulimit -n, or LimitNOFILE= in the systemd unit.")
  }

  /// Whether the wall clock can be right: it cannot be before the program was built.
  private static var clock: Diagnosis {
    let attributes = try? FileManager.default.attributesOfItem(atPath: executable)
    let built = attributes?[.modificationDate] as? Date ?? .distantPast
    let now = Date()
    return Diagnosis(
      "clock", Timestamp(milliseconds: Int64(now.timeIntervalSince1970 * 1_000)).text, .warn,
      if: now < built.addingTimeInterval(-60),
      advice: "That is before this program was built: times that are stored and shown are wrong. Run an NTP service.")
  }

  /// The file of a library in this process.
  private static func library(_ name: String) -> String? {
    for line in SystemFile.text("/proc/self/maps").split(separator: "\n") {
      if let path = line.split(separator: " ").last, path.hasPrefix("/"), path.contains("lib\(name)") {
        return String(path)
      }
    }
    return nil
  }

  private static func line(of path: String, startingWith prefix: String) -> String? {
    let line = SystemFile.text(path).split(separator: "\n").first { $0.hasPrefix(prefix) }
    return line.map { String($0.dropFirst(prefix.count)) }
  }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
