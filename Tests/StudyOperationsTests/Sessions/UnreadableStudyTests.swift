import SQLiteStorage
import StudyOperations
import Testing
import TuningModel

/// Studies of a version that accepted more than this one does.
@Suite("Studies that cannot be read", .timeLimit(.minutes(1)))
struct UnreadableStudyTests {
  let bench: Bench

  init() async throws {
    bench = try await Bench()
    for name in ["a", "b", "c"] { try await bench.create(name) }
    _ = try await bench.ask(study: "b")
    try await bench.store.execute(
      """
      UPDATE studies SET definition = json_set(definition, '$.colour', 'red'),
      original = json_set(original, '$.colour', 'red') WHERE name = 'b'
      """)
  }

  @Test("They stay in the list, with what is wrong")
  func listed() async throws {
    let next = try await bench.restarted()
    let listed = try await next.service.studies(PageRequest()).elements
    #expect(listed.map(\.name) == ["a", "b", "c"])
    guard case .unreadable(let study) = listed[1] else {
      Issue.record("b can be read")
      return
    }
    #expect(study.error.contains("/colour") && study.state == .active && study.counts == [.running: 1])
  }

  @Test("What is asked of them is refused, and they can be deleted and created anew")
  func deleted() async throws {
    let next = try await bench.restarted()
    #expect(await next.code { _ = try await $0.study("b") } == .studyUnreadable)
    #expect(await next.code { _ = try await $0.ask("b", AskRequest()) } == .studyUnreadable)
    #expect(await next.code { _ = try await $0.trials("b", TrialSelection(), PageRequest()) } == .studyUnreadable)
    await next.service.sweep()
    #expect(await next.code { try await $0.delete("b", revision: 3) } == .revisionConflict)
    try await next.service.delete("b", revision: nil)
    #expect(try await next.service.studies(PageRequest()).elements.map(\.name) == ["a", "c"])
    try await next.create("b")
    #expect(try await next.ask(study: "b").number == 1)
  }

  @Test("A study whose tuner is no longer there can be read, but not worked on")
  func noTuner() async throws {
    try await bench.store.execute("UPDATE studies SET tuner = 'oracle' WHERE name = 'c'")
    let next = try await bench.restarted()
    #expect(try await next.service.study("c").study.tunerName == "oracle")
    #expect(await next.code { _ = try await $0.ask("c", AskRequest()) } == .studyUnreadable)
    try await next.service.delete("c", revision: nil)
  }
}
