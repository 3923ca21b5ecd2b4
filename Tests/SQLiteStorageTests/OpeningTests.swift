import Foundation
import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("Opening a database")
struct OpeningTests {
  let folder: TemporaryFolder
  var path: String { folder.path("hone.db") }

  init() throws { folder = try TemporaryFolder() }

  private func error(_ path: String, migrations: [Migration] = Migration.all) async -> StudyError? {
    do throws(StudyError) {
      await (try SQLiteStudyStore.open(path, migrations: migrations)).close()
      return nil
    } catch {
      return error
    }
  }

  @Test("Writes are flushed to the disk, or only handed to the system where the user says so")
  func durability() async throws {
    let full = try await SQLiteStudyStore.open(path)
    #expect(try await full.number("PRAGMA synchronous") == 2)
    #expect(try await full.number("PRAGMA foreign_keys") == 1)
    await full.close()
    let relaxed = try await SQLiteStudyStore.open(path, durability: .relaxed)
    #expect(try await relaxed.number("PRAGMA synchronous") == 1)
    await relaxed.close()
  }

  @Test("A second opening in the same process is refused, and possible once the first has closed")
  func twice() async throws {
    let store = try await SQLiteStudyStore.open(path, command: "hone serve")
    let refusal = try #require(await error(path))
    #expect(refusal.code == .databaseInUse)
    #expect(refusal.message.contains("hone serve") && refusal.message.contains("this very process"))
    await store.close()
    #expect(await error(path) == nil)
  }

  @Test("The refusal tells the address that the holder has announced")
  func address() async throws {
    let store = try await SQLiteStudyStore.open(path)
    store.announce(address: "http://127.0.0.1:8080")
    #expect(await error(path)?.message.contains("serving http://127.0.0.1:8080") == true)
    store.announce(address: nil)
    #expect(await error(path)?.message.contains("serving") == false)
    await store.close()
  }

  @Test("The lock of another process is respected and its holder named; it ends with the process")
  func otherProcess() async throws {
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    holder.arguments = ["--no-fork", path + ".lock", "cat"]
    let (input, output) = (Pipe(), Pipe())
    holder.standardInput = input
    holder.standardOutput = output
    try holder.run()
    // The echo shows that the lock is held.
    try input.fileHandleForWriting.write(contentsOf: Data("x".utf8))
    _ = try output.fileHandleForReading.read(upToCount: 1)
    let note = #"{"pid": 4711, "host": "gpu-3", "command": "hone serve", "since": "2026-01-31T12:00:00.000Z"}"#
    try Data(note.utf8).write(to: URL(fileURLWithPath: path + ".lock"), options: [])
    let refusal = await error(path)
    #expect(refusal?.code == .databaseInUse)
    #expect(refusal?.message.contains("process 4711 on gpu-3 (hone serve, since 2026-01-31T12:00:00.000Z)") == true)
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    #expect(await error(path) == nil)
  }

  @Test(
    "A lock that names nobody yet is respected all the same",
    arguments: ["", "{\"pid\"", "[1e300]", "{\"pid\": 1e300}"])
  func unnamedHolder(note: String) async throws {
    let store = try await SQLiteStudyStore.open(path)
    try Data(note.utf8).write(to: URL(fileURLWithPath: path + ".lock"), options: [])
    #expect(await error(path)?.message.hasSuffix("is in use by another process.") == true)
    await store.close()
  }

  @Test("The same file by another path is the same database", arguments: ["link.db", "sub/../hone.db", "dir/hone.db"])
  func otherPath(name: String) async throws {
    let files = FileManager.default
    try files.createDirectory(atPath: folder.path("sub"), withIntermediateDirectories: true)
    try files.createSymbolicLink(atPath: folder.path("link.db"), withDestinationPath: "hone.db")
    try files.createSymbolicLink(atPath: folder.path("dir"), withDestinationPath: folder.url.path)
    // The link is there before the file that it leads to.
    let first = try await SQLiteStudyStore.open(folder.path(name))
    #expect(await error(path)?.code == .databaseInUse)
    #expect(files.fileExists(atPath: path))
    await first.close()
    let second = try await SQLiteStudyStore.open(path)
    #expect(await error(folder.path(name))?.code == .databaseInUse)
    await second.close()
  }

  @Test("A lock file that was removed does not let two hold the database")
  func removedLockFile() async throws {
    let first = try await SQLiteStudyStore.open(path)
    await first.close()
    #expect(FileManager.default.fileExists(atPath: path + ".lock"))
    try FileManager.default.removeItem(atPath: path + ".lock")
    let second = try await SQLiteStudyStore.open(path)
    #expect(await error(path)?.code == .databaseInUse)
    await second.close()
  }

  @Test("A failed opening gives the lock back")
  func failureUnlocks() async throws {
    try Data("no database at all, but long enough to be looked at".utf8).write(to: URL(fileURLWithPath: path))
    #expect(await error(path)?.code == .storageFailed)
    try FileManager.default.removeItem(atPath: path)
    #expect(await error(path) == nil)
  }

  @Test("A folder that is not there, a folder as file and an empty path are reported as such")
  func wrongPaths() async throws {
    #expect(await error(folder.path("no/such/hone.db"))?.message.contains("There is no folder") == true)
    #expect(await error(folder.url.path)?.message.contains("is a folder") == true)
    #expect(await error("")?.code == .storageFailed)
    #expect(await error("a\0b")?.code == .storageFailed)
  }

  @Test("A file that is no database, or another program's, is refused and left as it is")
  func foreign() async throws {
    let text = Data(String(repeating: "Not a database. ", count: 300).utf8)
    try text.write(to: URL(fileURLWithPath: path))
    #expect(await error(path)?.message.contains("is not a SQLite database") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
    let other = folder.path("other.db")
    let foreign = Migration(version: 1, sql: "CREATE TABLE t (a)")
    let store = try await SQLiteStudyStore.open(other, migrations: [foreign])
    try await store.execute("PRAGMA application_id = 0")
    await store.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: other))
    #expect(await error(other)?.message.contains("of another program") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: other)) == before)
  }

  private let next = Migration(version: Migration.all.count + 1, sql: "ALTER TABLE studies ADD COLUMN note TEXT")

  @Test("An older database is brought up to date after a copy was taken; its content stays")
  func migration() async throws {
    var store = try await SQLiteStudyStore.open(path)
    let study = try await store.create(try Fixture.study())
    try await store.commit(Fixture.start(1...2, of: study, after: 0))
    await store.close()
    store = try await SQLiteStudyStore.open(path, migrations: Migration.all + [next])
    #expect(try await store.number("PRAGMA user_version") == next.version)
    #expect(try await store.trials(of: study, state: nil, after: 0, limit: 9).count == 2)
    await store.close()
    let copy = try await SQLiteStudyStore.open(path + ".schema-\(Migration.all.count).backup")
    #expect(try await copy.trials(of: study, state: nil, after: 0, limit: 9).count == 2)
    await copy.close()
  }

  @Test("A database of the first version keeps its trials and events, and learns where its trials stand")
  func fromTheFirst() async throws {
    var store = try await Fixture.openFirstVersion(path)
    var definition = try Fixture.study()
    definition.definition.objectives = [Objective("lo.ss", .maximise)]
    definition.definition.outcomeConstraints = [
      OutcomeConstraint("size", .atMost(3)), OutcomeConstraint("rate", .atLeast(1)),
    ]
    let study = try await store.create(definition, answer: nil)
    let results = [
      #"{"lo.ss": 2, "size": 3, "rate": 1}"#, #"{"lo.ss": 5, "size": 4, "rate": 1}"#,
      #"{"lo.ss": 4.5, "size": 1, "rate": "Infinity"}"#, #"{"lo.ss": 3, "size": 2, "rate": 0.5}"#,
      #"{"lo.ss": 4, "size": -1, "rate": 7}"#,
    ]
    let parameters = Fixture.parameters.json.text
    for (index, metrics) in results.enumerated() {
      try await store.execute(
        """
        INSERT INTO trials (study, number, state, parameters, origin, metrics, standard_errors, attempt, lost_leases,
          created_at, started_at, finished_at)
        VALUES (1, \(index + 1), 'completed', '\(parameters)', '{"tuner": "t", "history": 0}', '\(metrics)', '{}', 1, 0,
          1, 1, \(index + 2));
        INSERT INTO events (study, sequence, at, kind, trial, payload)
        VALUES (1, \(index + 1), 1, 'completed', \(index + 1), '{"metrics": {"lo.ss": 2}}');
        UPDATE studies SET last_sequence = \(index + 1);
        """)
    }
    await store.close()
    store = try await SQLiteStudyStore.open(path)
    #expect(try await store.events(of: study, after: 0, limit: 9).count == 5)
    #expect(try await store.reports(on: 1, of: study).isEmpty)
    #expect(try await store.best(of: study)?.number == 5)
    #expect(try await store.costs(of: study).map(\.cost) == [-2, -4])
    let byValue = try await store.trials(
      of: study, TrialSelection(order: TrialOrder(.value)), after: nil, limit: 9)
    #expect(byValue.map(\.number) == [2, 3, 5, 4, 1])
    await store.close()
  }

  @Test("A migration that fails leaves the database as it was")
  func failedMigration() async throws {
    #expect(await error(path) == nil)
    let broken = Migration(version: next.version, sql: "CREATE TABLE extra (a); INSERT INTO nowhere VALUES (1)")
    #expect(await error(path, migrations: Migration.all + [broken])?.code == .storageFailed)
    let store = try await SQLiteStudyStore.open(path)
    #expect(try await store.number("PRAGMA user_version") == Migration.all.count)
    #expect(try await store.number("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == 0)
    await store.close()
    // A second attempt takes a second copy and overwrites none.
    #expect(await error(path, migrations: Migration.all + [broken])?.code == .storageFailed)
    #expect(FileManager.default.fileExists(atPath: path + ".schema-\(Migration.all.count).backup-2"))
  }

  @Test("A newer database is refused with both versions named, and left as it is")
  func newer() async throws {
    #expect(await error(path, migrations: Migration.all + [next]) == nil)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let refusal = await error(path)
    #expect(refusal?.code == .databaseNewer)
    #expect(refusal?.message.contains("version \(next.version)") == true)
    #expect(refusal?.message.contains("up to \(Migration.all.count)") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("Closing leaves one file and the lock file, which names nobody")
  func oneFile() async throws {
    let store = try await SQLiteStudyStore.open(path)
    _ = try await store.create(try Fixture.study())
    await store.close()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["hone.db", "hone.db.lock"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: path + ".lock")).isEmpty)
  }
}
