import StudyOperations
import Testing
import TuningModel

/// Every computation of the tuner `gated` waits at the gate of its study.
@Suite("Renewals of ready suggestions", .timeLimit(.minutes(1)))
struct RenewalTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  @Test("Results that nobody asks after renew suggestions ever more rarely")
  func unasked() async throws {
    let gate = Gate("unasked")
    try await bench.create("unasked", tuner: "gated")
    gate.open(999)
    _ = try await bench.service.ask("unasked", AskRequest(count: 40))
    await bench.service.settle()
    let computed = gate.count
    var renewals = 0
    for number in 1...39 {
      let before = gate.count
      try await bench.tell(number, study: "unasked")
      await bench.service.settle()
      if gate.count > before { renewals += 1 }
    }
    // After 1, 2, 4, 8, 16 and 32 results.
    #expect(renewals == 6)
    let before = gate.count
    try await bench.tell(40, study: "unasked")
    await bench.service.settle()
    #expect(gate.count > before && computed == 56)
  }

  @Test("A renewal that waits for a thread is done, though a later result is not worth one of its own")
  func owedRenewal() async throws {
    let gate = Gate("owed")
    try await bench.create("owed", tuner: "gated")
    gate.open(99)
    _ = try await bench.service.ask("owed", AskRequest(count: 8))
    await bench.service.settle()
    let computed = gate.count
    try await bench.whilePoolIsBusy {
      for number in 1...3 { try await bench.tell(number, study: "owed") }
    }
    await bench.service.settle()
    #expect(gate.count > computed)
    #expect(try await bench.ask(study: "owed").origin.details == ["told": 3])
  }

  @Test("A renewal that waits for the one before it is done, though a later result is not worth one of its own")
  func owedBehindAnother() async throws {
    let gate = Gate("owed-next")
    try await bench.create("owed-next", tuner: "gated")
    gate.open(8)
    _ = try await bench.service.ask("owed-next", AskRequest(count: 4))
    await bench.service.settle()
    for _ in 0..<8 { await gate.arrival() }
    try await bench.tell(1, study: "owed-next")
    await gate.arrival()
    for number in 2...3 { try await bench.tell(number, study: "owed-next") }
    gate.open(99)
    await bench.service.settle()
    let computed = gate.count
    #expect(try await bench.ask(study: "owed-next").origin.details == ["told": 3])
    #expect(computed > 9)
  }
}
