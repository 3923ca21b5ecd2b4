import SQLiteStorage
import StudyOperations
import Testing
import TuningModel

@Suite("Answers to writes", .timeLimit(.minutes(1)))
struct RepeatableWriteTests {
  let bench: Bench

  init() async throws {
    bench = try await Bench()
    try await bench.create()
  }

  private func write(_ key: String) -> RepeatableWrite {
    RepeatableWrite(key: key, fingerprint: "f") { answer in
      KeptAnswer.Content(status: 200, headers: ["A": "b"], body: Array("\(answer)".utf8))
    }
  }

  private func ask(_ write: RepeatableWrite) async throws -> AskAnswer {
    try await RepeatableWrite.$current.withValue(write) { try await bench.service.ask("s", AskRequest()) }
  }

  @Test("An answer is there as soon as what it answers is, also after a crash")
  func together() async throws {
    let write = write("k")
    let answer = try await ask(write)
    let kept = try #require(write.kept)
    #expect(kept.content.body == Array("\(StudyAnswer.asked(answer))".utf8))
    let next = try await bench.afterCrash()
    #expect(try await next.service.keptAnswer(to: "k") == kept)
    #expect(try await next.service.study("s").counts == [.running: 1])
  }

  @Test("Where the answer cannot be kept, nothing is changed")
  func neither() async throws {
    try await bench.store.execute(
      "CREATE TRIGGER full BEFORE INSERT ON answers BEGIN SELECT raise(ABORT, 'no room'); END")
    let write = write("k")
    await #expect(throws: StudyError.self) { try await ask(write) }
    #expect(write.kept == nil)
    #expect(try await bench.service.study("s").counts.isEmpty)
    #expect(try await bench.service.keptAnswer(to: "k") == nil)
  }

  @Test("A write that is refused keeps no answer")
  func refused() async throws {
    let write = write("k")
    await #expect(throws: StudyError.self) {
      try await RepeatableWrite.$current.withValue(write) { try await bench.tell(7) }
    }
    #expect(write.kept == nil)
    #expect(try await bench.service.keptAnswer(to: "k") == nil)
  }

  @Test("Trials that are taken back on the way belong to no answer")
  func takenBack() async throws {
    _ = try await bench.ask("w", seconds: 60)
    bench.clock.advance(seconds: 61)
    let write = write("k")
    let answer = try await ask(write)
    #expect(answer.trials.map(\.attempt) == [2])
    #expect(write.kept?.content.body == Array("\(StudyAnswer.asked(answer))".utf8))
  }

  @Test("Answers are kept for a day and then removed")
  func expiry() async throws {
    _ = try await ask(write("k"))
    bench.clock.advance(seconds: 86_399)
    await bench.service.sweep()
    #expect(try await bench.service.keptAnswer(to: "k") != nil)
    bench.clock.advance(seconds: 2)
    #expect(try await bench.service.keptAnswer(to: "k") == nil)
    #expect(try await bench.store.number("SELECT count(*) FROM answers") == 1)
    bench.clock.advance(seconds: 60)
    await bench.service.sweep()
    #expect(try await bench.store.number("SELECT count(*) FROM answers") == 0)
  }

  @Test("The deletion and the creation of a study keep their answers")
  func studies() async throws {
    let deletion = write("d")
    try await RepeatableWrite.$current.withValue(deletion) { try await bench.service.delete("s", revision: nil) }
    #expect(try await bench.service.keptAnswer(to: "d")?.content.body == Array("deleted".utf8))
    let creation = write("c")
    _ = try await RepeatableWrite.$current.withValue(creation) { try await bench.create("t") }
    #expect(try await bench.service.keptAnswer(to: "c") == creation.kept)
    #expect(creation.kept != nil)
  }
}
