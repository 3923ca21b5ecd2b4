import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("What the schema refuses")
struct SchemaTests {
  let folder: TemporaryFolder
  let store: SQLiteStudyStore
  let study: StoredStudy

  init() async throws {
    folder = try TemporaryFolder()
    store = try await SQLiteStudyStore.open(folder.path("hone.db"))
    study = try await store.create(try Fixture.study())
    try await store.commit(Fixture.start(1...2, of: study, after: 0))
  }

  @Test(
    "Statements that would break an invariant are refused",
    arguments: [
      "UPDATE trials SET state = 'lost' WHERE number = 1",
      "UPDATE trials SET state = 'waiting' WHERE number = 1",
      "UPDATE trials SET state = 'completed', lease_token = NULL, lease_expires_at = NULL WHERE number = 1",
      "UPDATE trials SET number = 7 WHERE number = 2",
      "UPDATE trials SET attempt = 'many'",
      "UPDATE trials SET parameters = '{'",
      "DELETE FROM trials WHERE number = 2",
      "UPDATE events SET at = 0",
      "INSERT INTO events (study, sequence, at, kind, trial, payload) VALUES (1, 9, 0, 'failed', 1, '{}')",
      "INSERT INTO events (study, sequence, at, kind, trial, payload) VALUES (1, 2, 0, 'failed', 1, '{}')",
      "INSERT INTO events (study, sequence, at, kind, trial, payload) VALUES (1, 3, 0, 'failed', 5, '{}')",
      "INSERT INTO events (study, sequence, at, kind, trial, payload) VALUES (1, 3, 0, 'lost', 1, '{}')",
      "INSERT INTO events (study, sequence, at, kind, trial, payload) VALUES (8, 1, 0, 'updated', NULL, '{}')",
      "UPDATE studies SET state = 'over'", "UPDATE studies SET seed = -1",
      "INSERT INTO trial_vectors (study, trial, name, doubles) VALUES (1, 1, 'z', x'0102')",
      "INSERT INTO trial_vectors (study, trial, name, doubles) VALUES (1, 5, 'z', x'')",
      "INSERT INTO snapshots (study, sequence, format, payload) VALUES (5, 1, 1, x'')",
    ])
  func refused(statement: String) async throws {
    await #expect(throws: StudyError.self, "\(statement)") { try await store.execute(statement) }
  }

  @Test("Trial numbers have no gaps", arguments: [2, 4])
  func gaps(number: Int) async throws {
    var copy = Fixture.trial(number)
    copy.number = number
    let change = Fixture.change(study, after: 2, [copy]) { _ in .failed(reason: "x") }
    if number == 4 {
      #expect(await Fixture.code { try await store.commit(change) } == .storageFailed)
    } else {
      // A number that is there is the trial itself.
      try await store.commit(change)
    }
    #expect(try await store.number("SELECT max(number) FROM trials") == 2)
  }

  @Test("Columns for what other tuners need of a trial take JSON and vectors")
  func room() async throws {
    for column in ["resume", "request", "oracle", "schedule"] {
      try await store.execute("UPDATE trials SET \(column) = '{\"a\": [1]}' WHERE number = 1")
      await #expect(throws: StudyError.self) { try await store.execute("UPDATE trials SET \(column) = '{'") }
    }
    try await store.execute(
      "INSERT INTO trial_vectors (study, trial, name, doubles) VALUES (1, 1, 'z', x'000000000000f03f')")
    try await store.delete(study.id, revision: nil)
    #expect(try await store.number("SELECT count(*) FROM trial_vectors") == 0)
  }
}
