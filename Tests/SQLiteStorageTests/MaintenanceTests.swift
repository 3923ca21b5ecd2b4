import Foundation
import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("Looking after a database file")
struct MaintenanceTests {
  let folder: TemporaryFolder
  var path: String { folder.path("hone.db") }
  var file: DatabaseFile { get throws { try DatabaseFile(path) } }
  let catalog = TunerCatalog([StillTuner.self])

  init() throws { folder = try TemporaryFolder() }

  /// A database with a study of two trials, closed.
  @discardableResult
  private func written(_ path: String? = nil) async throws -> StoredStudy {
    let store = try await SQLiteStudyStore.open(path ?? self.path)
    let study = try await fill(store)
    await store.close()
    return study
  }

  @discardableResult
  private func fill(_ store: SQLiteStudyStore, _ name: String = "s") async throws -> StoredStudy {
    let study = try await store.create(try Fixture.study(name))
    try await store.commit(Fixture.start(1...2, of: study, after: 0))
    return study
  }

  private func change(_ sql: String) async throws {
    let store = try await SQLiteStudyStore.open(path)
    try await store.execute(sql)
    await store.close()
  }

  private func error(_ body: () async throws -> Void) async -> StudyError? {
    do { try await body() } catch { return error as? StudyError }
    return nil
  }

  @Test("A sound database has no finding, also while it is open and being written")
  func sound() async throws {
    let store = try await SQLiteStudyStore.open(path)
    try await fill(store)
    let check = try file.check(catalog)
    #expect(check.findings.isEmpty && check.isSound)
    #expect(check.studies == [DatabaseCheck.StudyCount(name: "s", events: 2, trials: 2)])
    await store.close()
    #expect(try file.check(catalog).isSound)
  }

  @Test(
    "What was changed behind Hone's back is found",
    arguments: [
      ("UPDATE trials SET attempt = 2 WHERE number = 1", "attempt"),
      ("UPDATE trials SET parameters = json_set(parameters, '$.lr', 0.5) WHERE number = 2", "parameters"),
      ("UPDATE studies SET last_sequence = 3", "the log ends with event 2"),
      ("DELETE FROM events WHERE sequence = 1", "event 1 is missing"),
      ("DELETE FROM events WHERE sequence = 2", "trial 2 has no event"),
      ("UPDATE studies SET definition = '{}'", "does not accept the definition"),
    ])
  func changed(sql: String, finding: String) async throws {
    try await written()
    try await change(sql)
    let check = try file.check(catalog)
    #expect(!check.isSound)
    #expect(check.findings.contains { $0.text.contains(finding) }, "\(check.findings)")
  }

  @Test("A part of the schema that is gone is a warning, as nothing is lost yet")
  func schema() async throws {
    try await written()
    try await change("DROP TRIGGER trials_stay")
    let check = try file.check(catalog)
    #expect(check.isSound && check.findings.map(\.severity) == [.warning])
    #expect(check.findings.first?.text.contains("trials_stay of the schema is missing") == true)
  }

  @Test("A damaged page is found")
  func damage() async throws {
    let store = try await SQLiteStudyStore.open(path)
    let study = try await store.create(try Fixture.study())
    for number in 1...40 {
      try await store.commit(Fixture.start(number...number, of: study, after: number - 1))
    }
    await store.close()
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    // The page that the file ends with holds events or trials.
    for index in bytes.count - 4_096..<bytes.count { bytes[index] = 0xA5 }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let isSound = (try? file.check(catalog).isSound) ?? false
    #expect(!isSound)
  }

  @Test("An empty file, one that is no database and a newer one are told apart")
  func otherFiles() async throws {
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(try file.check(catalog).findings.map(\.severity) == [.failure])
    try Data("no database at all, but long enough to be looked at".utf8).write(to: URL(fileURLWithPath: path))
    #expect(await error { _ = try file.check(catalog) }?.message.contains("is not a SQLite database") == true)
  }

  @Test("A backup that is taken while the database is written is one moment of it")
  func backup() async throws {
    let store = try await SQLiteStudyStore.open(path)
    let study = try await store.create(try Fixture.study())
    let writing = Task {
      for number in 1...200 {
        try await store.commit(Fixture.start(number...number, of: study, after: number - 1))
      }
    }
    var last = 0
    for round in 1...5 {
      let target = try DatabaseFile(folder.path("backup-\(round).db"))
      let check = try file.backUp(to: target, overwriting: false, catalog)
      #expect(check.isSound)
      let count = try #require(check.studies.first)
      #expect(count.events == count.trials && count.events >= last)
      last = count.events
    }
    try await writing.value
    await store.close()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(!names.contains { $0.contains(".part-") })
  }

  @Test("A backup replaces a file only when told to, and never one that is in use or itself")
  func refusals() async throws {
    try await written()
    let target = try DatabaseFile(folder.path("b.db"))
    _ = try file.backUp(to: target, overwriting: false, catalog)
    #expect(
      await error { _ = try file.backUp(to: target, overwriting: false, catalog) }?.message.contains("--force") == true)
    _ = try file.backUp(to: target, overwriting: true, catalog)
    let holder = try await SQLiteStudyStore.open(target.path)
    #expect(await error { _ = try file.backUp(to: target, overwriting: true, catalog) }?.code == .databaseInUse)
    await holder.close()
    #expect(await error { _ = try file.backUp(to: try file, overwriting: true, catalog) }?.code == .storageFailed)
    // A log that was left behind would be taken for the copy's own.
    try Data("x".utf8).write(to: URL(fileURLWithPath: target.logPath))
    #expect(
      await error { _ = try file.backUp(to: target, overwriting: true, catalog) }?.message.contains("not closed")
        == true)
  }

  @Test("A backup of a damaged database is refused and leaves the one before as it was")
  func damagedSource() async throws {
    try await written()
    let target = try DatabaseFile(folder.path("b.db"))
    _ = try file.backUp(to: target, overwriting: false, catalog)
    let before = try Data(contentsOf: URL(fileURLWithPath: target.path))
    try await change("UPDATE trials SET attempt = 2 WHERE number = 1")
    let refusal = await error { _ = try file.backUp(to: target, overwriting: true, catalog) }
    #expect(refusal?.message.contains("is damaged") == true && refusal?.message.contains("attempt") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: target.path)) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).allSatisfy { !$0.contains(".part-") })
  }

  @Test("A restored database has what the backup had; what was there before is kept, with its log")
  func restore() async throws {
    try await written()
    let backup = try DatabaseFile(folder.path("b.db"))
    _ = try file.backUp(to: backup, overwriting: false, catalog)
    // The copy stands for a server that was killed: the second study is in the log alone.
    let store = try await SQLiteStudyStore.open(path)
    try await fill(store, "later")
    let killed = try TemporaryFolder()
    try folder.copy(["hone.db", "hone.db-wal", "b.db"], to: killed)
    await store.close()
    let target = try DatabaseFile(killed.path("hone.db"))
    let restored = try target.restore(from: backup, suffix: "now", catalog)
    #expect(try target.check(catalog).studies.map(\.name) == ["s"])
    let previous = try #require(restored.previous)
    #expect(previous.hasSuffix("hone.db.before-restore-now"))
    #expect(try DatabaseFile(previous).check(catalog).studies.map(\.name) == ["later", "s"])
    let again = try target.restore(from: try DatabaseFile(previous), suffix: "now", catalog)
    #expect(again.previous?.hasSuffix("-now-2") == true)
    #expect(try target.check(catalog).studies.map(\.name) == ["later", "s"])
    let opened = try await SQLiteStudyStore.open(target.path)
    #expect(try await opened.studies(after: nil, limit: 9).count == 2)
    await opened.close()
  }

  @Test("A restore is refused where the database is held or the backup is damaged, and changes nothing")
  func refusedRestore() async throws {
    try await written()
    let backup = try DatabaseFile(folder.path("b.db"))
    _ = try file.backUp(to: backup, overwriting: false, catalog)
    let store = try await SQLiteStudyStore.open(path)
    #expect(await error { _ = try file.restore(from: backup, suffix: "x", catalog) }?.code == .databaseInUse)
    await store.close()
    try Data("no database at all, but long enough to be looked at".utf8).write(to: URL(fileURLWithPath: backup.path))
    #expect(await error { _ = try file.restore(from: backup, suffix: "x", catalog) }?.code == .storageFailed)
    #expect(try file.check(catalog).studies.count == 1)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted().filter { !$0.contains("-") }
        == ["b.db", "hone.db", "hone.db.lock"])
  }

  @Test("A database that is damaged beyond reading is kept as it is when a backup takes its place")
  func restoreOverDamage() async throws {
    try await written()
    let backup = try DatabaseFile(folder.path("b.db"))
    _ = try file.backUp(to: backup, overwriting: false, catalog)
    let rubbish = Data(String(repeating: "rubbish ", count: 2_000).utf8)
    try rubbish.write(to: URL(fileURLWithPath: path))
    let restored = try file.restore(from: backup, suffix: "x", catalog)
    #expect(try Data(contentsOf: URL(fileURLWithPath: try #require(restored.previous))) == rubbish)
    #expect(try file.check(catalog).isSound)
  }

  @Test("A plan of a migration shows the steps and changes nothing; the migration takes a copy first")
  func migrate() async throws {
    let store = try await Fixture.openFirstVersion(path)
    _ = try await store.create(try Fixture.study())
    await store.close()
    let plan = try file.plannedMigration()
    #expect(plan.from == 1 && plan.steps.map(\.version) == Migration.all.dropFirst().map(\.version))
    #expect(try file.schema().version == 1)
    #expect(try file.check(catalog).findings.map(\.severity) == [.warning])
    let done = try await file.migrate()
    let copy = try DatabaseFile(try #require(done.backup))
    #expect(try copy.schema().version == 1)
    #expect(try file.schema().version == Migration.all.count)
    #expect(try file.check(catalog).isSound)
    #expect(try await file.migrate().steps.isEmpty)
  }

  @Test("The holder of a database is named without taking the lock away from it")
  func holder() async throws {
    #expect(try file.holder() == nil)
    let store = try await SQLiteStudyStore.open(path, command: "hone serve")
    #expect(try file.holder()?.contains("hone serve") == true)
    #expect(await error { _ = try await SQLiteStudyStore.open(path) }?.code == .databaseInUse)
    await store.close()
    #expect(try file.holder() == nil)
  }
}

/// A tuner for studies that are only looked at.
private struct StillTuner: Tuner {
  static let description = TunerDescription(name: "t", summary: "Suggests nothing.")

  init(for study: StudyDefinition) throws(TunerError) {}
  mutating func observe(_ event: TrialEvent) {}
  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] { [] }
  var snapshot: JSONValue { [:] }
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {}
}
