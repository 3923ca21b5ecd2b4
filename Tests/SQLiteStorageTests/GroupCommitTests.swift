import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("Group commit")
struct GroupCommitTests {
  let folder: TemporaryFolder
  let store: SQLiteStudyStore

  init() async throws {
    folder = try TemporaryFolder()
    store = try await SQLiteStudyStore.open(folder.path("hone.db"))
  }

  private func outcomes(_ changes: [StudyChange]) async -> [StudyError.Code?] {
    await withTaskGroup(of: (Int, StudyError.Code?).self) { group in
      for (index, change) in changes.enumerated() {
        group.addTask { (index, await Fixture.code { try await store.commit(change) }) }
      }
      return await group.reduce(into: Array(repeating: nil, count: changes.count)) { $0[$1.0] = $1.1 }
    }
  }

  @Test("Of many concurrent changes those that conflict fail alone")
  func conflicts() async throws {
    var studies: [StoredStudy] = []
    for index in 0..<40 { studies.append(try await store.create(try Fixture.study("s\(index)"))) }
    let changes = studies.enumerated().map { index, study in
      Fixture.start(1...3, of: study, after: index % 4 == 0 ? 5 : 0)
    }
    let codes = await outcomes(changes)
    for (index, code) in codes.enumerated() {
      #expect(code == (index % 4 == 0 ? .revisionConflict : nil))
      #expect(try await store.trial(3, of: studies[index]) == (index % 4 == 0 ? nil : Fixture.trial(3)))
    }
  }

  @Test("A change that the schema refuses takes back its own writes only")
  func constraint() async throws {
    let (good, bad) = (try await store.create(try Fixture.study("a")), try await store.create(try Fixture.study("b")))
    var broken = Fixture.start(1...2, of: bad, after: 0)
    broken.trials.removeLast()
    let codes = await outcomes([Fixture.start(1...2, of: good, after: 0), broken])
    #expect(codes == [nil, .storageFailed])
    #expect(try await store.trial(2, of: good) != nil)
    #expect(try await store.trial(1, of: bad) == nil)
    #expect(try await store.study(named: "b")?.lastSequence == 0)
  }

  @Test("Of changes that expect the same event, one is kept")
  func oneWins() async throws {
    let study = try await store.create(try Fixture.study())
    let codes = await outcomes((0..<20).map { _ in Fixture.start(1...1, of: study, after: 0) })
    #expect(codes.filter { $0 == nil }.count == 1)
    #expect(codes.filter { $0 == .revisionConflict }.count == 19)
  }

  @Test("What was answered is in the files at that moment")
  func durable() async throws {
    let study = try await store.create(try Fixture.study())
    for number in 1...20 {
      try await store.commit(Fixture.start(number...number, of: study, after: number - 1))
      guard number % 5 == 0 else { continue }
      let copy = try TemporaryFolder()
      try folder.copy(["hone.db", "hone.db-wal"], to: copy)
      let after = try await SQLiteStudyStore.open(copy.path("hone.db"))
      #expect(try await after.study(named: "s")?.lastSequence == number)
      #expect(try await after.trials(of: study, state: nil, after: 0, limit: 99).count == number)
      #expect(try await after.number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") == 0)
      await after.close()
    }
  }

  @Test("A write that meets the closing is either kept and answered, or refused")
  func closing() async throws {
    var studies: [StoredStudy] = []
    for index in 0..<20 { studies.append(try await store.create(try Fixture.study("s\(index)"))) }
    async let outcomes = outcomes(studies.map { Fixture.start(1...50, of: $0, after: 0) })
    await store.close()
    let codes = await outcomes
    let again = try await SQLiteStudyStore.open(folder.path("hone.db"))
    for (study, code) in zip(studies, codes) {
      #expect(code == nil || code == .unavailable)
      #expect(try await again.study(named: study.study.name)?.lastSequence == (code == nil ? 50 : 0))
    }
    await again.close()
  }
}
