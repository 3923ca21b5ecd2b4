import SQLiteStorage
import StudyOperations
import Testing
import TuningModel

@Suite("Conflicts and failures")
struct RivalTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  @Test("Two services on one store never hand out a number twice nor overshoot the budget")
  func race() async throws {
    try await bench.create(budget: Budget(maxTrials: 60))
    let services = [bench.service, bench.rival()]
    let numbers = try await withThrowingTaskGroup(of: [TrialNumber].self) { group in
      for worker in 0..<40 {
        group.addTask {
          let service = services[worker % 2]
          let trials = try await service.ask("s", AskRequest(count: 2, worker: "w\(worker)")).trials
          for trial in trials {
            let result = TrialResult.metrics(["loss": Double(trial.number)], leaseToken: trial.lease?.token)
            _ = try await service.tell("s", trial.number, result)
          }
          return trials.map(\.number)
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(numbers.sorted() == Array(1...60))
    let events = try await bench.service.events("s", after: 0, limit: 1_000)
    #expect(events.map(\.sequence) == Array(1...120))
  }

  @Test("What another service has changed is seen by the next step that writes")
  func stale() async throws {
    try await bench.create()
    let rival = bench.rival()
    let trial = try await bench.ask("w")
    _ = try await rival.tell("s", 1, .metrics(["loss": 1]))
    let error = await #expect(throws: StudyError.self) {
      try await bench.service.tell("s", 1, .metrics(["loss": 2], leaseToken: trial.lease?.token))
    }
    #expect(error?.code == .trialState)
    #expect(try await rival.ask("s", AskRequest()).trials.map(\.number) == [2])
    #expect(try await bench.ask().number == 3)
  }

  @Test("A study that another service deleted is not found")
  func deletedByRival() async throws {
    try await bench.create()
    _ = try await bench.ask()
    try await bench.rival().delete("s", revision: nil)
    #expect(await bench.code { _ = try await $0.ask("s", AskRequest()) } == .studyNotFound)
    try await bench.create()
    #expect(try await bench.ask().number == 1)
  }

  @Test("A full disk fails the write alone, and the study goes on once there is room")
  func fullDisk() async throws {
    try await bench.create()
    let trial = try await bench.ask("w")
    let pages = try #require(try await bench.store.number("PRAGMA page_count"))
    try await bench.store.execute("PRAGMA max_page_count = \(pages)")
    var told = 0
    let long = String(repeating: "long ", count: 1_600)
    let error = await #expect(throws: StudyError.self) {
      for _ in 0..<50 {
        _ = try await bench.service.requeue("s", 1, leaseToken: nil, reason: long)
        _ = try await bench.service.ask("s", AskRequest(worker: "w"))
        told += 1
      }
    }
    #expect(error?.code == .storageFull)
    #expect(error?.message.contains("no room") == true)
    #expect(try await bench.service.events("s", after: 0, limit: 1_000).count >= 1 + 2 * told)
    try await bench.store.execute("PRAGMA max_page_count = 1000000")
    #expect(try await bench.ask("w").number == trial.number)
    #expect(try await bench.service.tell("s", 1, .metrics(["loss": 1])).state == .completed)
    // What the session goes on with is what a fresh one reads.
    let next = try await bench.afterCrash()
    #expect(try await next.ask().origin == bench.ask().origin)
  }

  @Test("Leases known in memory outlast the reload after a conflict")
  func termsSurviveReload() async throws {
    try await bench.create()
    let trial = try await bench.ask("w", seconds: 60)
    bench.clock.advance(seconds: 50)
    _ = try await bench.service.heartbeat("s", 1, leaseToken: try #require(trial.lease?.token), seconds: 20)
    _ = try await bench.rival().ask("s", AskRequest())
    #expect(try await bench.ask("v").number == 3)
    bench.clock.advance(seconds: 20)
    await bench.service.sweep()
    #expect(try await bench.service.trial("s", 1).state == .waiting)
  }
}
