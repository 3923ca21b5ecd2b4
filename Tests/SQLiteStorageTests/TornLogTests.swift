import Foundation
import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("A write-ahead log that was torn")
struct TornLogTests {
  /// A database whose forty commits are in the log alone, as a power cut leaves it.
  private func cut() async throws -> (folder: TemporaryFolder, study: StoredStudy) {
    let (folder, copy) = (try TemporaryFolder(), try TemporaryFolder())
    let store = try await SQLiteStudyStore.open(folder.path("hone.db"))
    let study = try await store.create(try Fixture.study())
    for number in 1...40 {
      try await store.commit(Fixture.start(number...number, of: study, after: number - 1))
    }
    try folder.copy(["hone.db", "hone.db-wal"], to: copy)
    await store.close()
    return (copy, study)
  }

  @Test("It opens to the last whole commit, wherever it is cut")
  func truncated() async throws {
    let (origin, study) = try await cut()
    let whole = try Data(contentsOf: URL(fileURLWithPath: origin.path("hone.db-wal")))
    var counts: [Int] = []
    // The study's own commit is at the beginning.
    for part in stride(from: 0.5, through: 1, by: 0.05) {
      let folder = try TemporaryFolder()
      try origin.copy(["hone.db"], to: folder)
      let log = whole.prefix(Int(Double(whole.count) * part))
      try log.write(to: URL(fileURLWithPath: folder.path("hone.db-wal")))
      let store = try await SQLiteStudyStore.open(folder.path("hone.db"))
      let events = try await store.events(of: study, after: 0, limit: 99)
      #expect(events.map(\.sequence) == Array(1..<events.count + 1))
      #expect(try await store.trials(of: study, state: nil, after: 0, limit: 99).count == events.count)
      #expect(try await store.study(named: "s")?.lastSequence == events.count)
      counts.append(events.count)
      await store.close()
    }
    #expect(counts == counts.sorted() && counts.last == 40 && Set(counts).count > 5)
  }

  @Test("Rubbish at its end, or in its last commit, is passed over")
  func rubbish() async throws {
    let (origin, study) = try await cut()
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: origin.path("hone.db-wal"))))
    var flipped = whole
    flipped[flipped.count - 100] ^= 0xFF
    for (log, count) in [(whole + [UInt8](repeating: 0xA5, count: 5_000), 40), (flipped, 39)] {
      let folder = try TemporaryFolder()
      try origin.copy(["hone.db"], to: folder)
      try Data(log).write(to: URL(fileURLWithPath: folder.path("hone.db-wal")))
      let store = try await SQLiteStudyStore.open(folder.path("hone.db"))
      #expect(try await store.events(of: study, after: 0, limit: 99).count == count)
      await store.close()
    }
  }
}
