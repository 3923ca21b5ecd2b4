import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("Watches", .timeLimit(.minutes(2)))
struct StudyWatchTests {
  let folder: TemporaryFolder
  let service: StudyService

  init() async throws {
    folder = try TemporaryFolder()
    let store = try await SQLiteStudyStore.open(folder.path("hone.db"), durability: .relaxed)
    service = StudyService(
      store: store, catalog: Bench.catalog, sweepInterval: nil, watchInterval: .milliseconds(20))
    _ = try await service.create(try Self.definition())
  }

  private static func definition() throws -> StudyDefinition {
    try StudyDefinition(
      "s", space: try SearchSpace([Parameter("x", .int(IntDomain(1, 1_000)))]),
      objectives: [Objective("loss", .minimise)], tuner: TunerChoice("drawing"))
  }

  private func sequences(_ watch: any StudyWatch, upTo last: Int) async throws -> [Int] {
    var seen: [Int] = []
    while seen.last ?? 0 < last {
      switch try await watch.next() {
      case .notices(let notices): seen += notices.map(\.sequence)
      case .silence: continue
      case .end: return seen
      }
    }
    return seen
  }

  @Test("However many watch, none misses an event, and none receives one twice")
  func many() async throws {
    let count = 300
    let seen = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 1...40 {
        let watch = try await service.watch("s", after: 0)
        group.addTask { try await sequences(watch, upTo: count) }
      }
      for _ in 1...count { _ = try await service.ask("s", AskRequest()) }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(seen == Array(repeating: Array(1...count), count: 40))
    await service.shutdown()
  }

  @Test("A watch of nothing new is told so from time to time, and ends with the service, the study or its reader")
  func ends() async throws {
    let watch = try await service.watch("s", after: nil)
    #expect(try await watch.next() == .silence)
    let reader = Task {
      while true { if try await watch.next() == .end { return true } }
    }
    reader.cancel()
    #expect(try await reader.value)
    let other = try await service.watch("s", after: nil)
    async let end = { while true { if try await other.next() == .end { return true } } }()
    try await service.delete("s", revision: nil)
    #expect(try await end)
    _ = try await service.create(try Self.definition())
    let last = try await service.watch("s", after: nil)
    await service.endWatches()
    #expect(try await last.next() == .end)
    await #expect(throws: StudyError.self) { _ = try await service.watch("none", after: nil) }
    await service.shutdown()
  }
}
