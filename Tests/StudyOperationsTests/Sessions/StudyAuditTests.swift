import StudyOperations
import Testing
import TuningModel

@Suite("Auditing a study")
struct StudyAuditTests {
  private let space: SearchSpace
  private let stored: StoredStudy
  private let time = Timestamp(milliseconds: 1_700_000_000_000)

  init() throws {
    space = try SearchSpace([Parameter("x", .int(IntDomain(1, 100)))])
    let definition = try StudyDefinition(
      "s", space: space, objectives: [Objective("loss", .minimise)], tuner: TunerChoice("digest", seed: 11),
      budget: Budget(maxTrials: 2, maxParallel: 1))
    let study = Study(definition: definition, seed: 11, tunerName: "digest", createdAt: time)
    stored = StoredStudy(id: 1, study: study, original: definition, lastSequence: 0)
  }

  private func started(_ number: Int, attempt: Int = 1) -> TrialEvent.Kind {
    .started(
      Suggestion(["x": .int(number)], origin: SuggestionOrigin(tuner: "digest", history: 0)), worker: "w",
      attempt: attempt)
  }

  private func row(_ number: Int, _ state: TrialState = .completed, loss: Double = 1, attempt: Int = 1) -> Trial {
    Trial(
      number: number, state: state, parameters: ["x": .int(number)],
      origin: SuggestionOrigin(tuner: "digest", history: 0),
      measurement: state == .completed ? Measurement(["loss": loss]) : nil, worker: "w", attempt: attempt,
      createdAt: time, startedAt: time, finishedAt: state.isFinal ? time : nil)
  }

  /// The findings of an audit of events, one for each (trial, kind), and rows.
  private func findings(
    _ events: [(Int, TrialEvent.Kind)], _ rows: [Trial], last: Int? = nil, gapAfter: Int? = nil,
    snapshot: StudySnapshot? = nil
  ) -> [AuditFinding] {
    var stored = stored
    stored.lastSequence = last ?? events.count
    var audit = StudyAudit(stored)
    for (index, (trial, kind)) in events.enumerated() {
      let sequence = index + 1 + (gapAfter.map { index >= $0 ? 1 : 0 } ?? 0)
      audit.take(RecordedEvent(sequence: sequence, at: time, event: .trial(TrialEvent(trial, kind))))
    }
    for row in rows { audit.take(row) }
    audit.finish(snapshot, Bench.catalog)
    return audit.findings
  }

  private var done: TrialEvent.Kind { .completed(Measurement(["loss": 1])) }

  @Test("A log and its rows that agree have no finding")
  func sound() {
    #expect(findings([], []).isEmpty)
    #expect(findings([(1, started(1)), (1, done), (2, started(2))], [row(1), row(2, .running)]).isEmpty)
    var waiting = row(1, .waiting)
    waiting.reason = "lease_expired"
    waiting.lostLeases = 1
    #expect(findings([(1, started(1)), (1, .requeued(reason: "lease_expired"))], [waiting]).isEmpty)
  }

  @Test("A missing event, a missing trial and a log that ends early are found")
  func gaps() {
    #expect(
      findings([(1, started(1)), (1, done)], [row(1)], last: 3, gapAfter: 1).first?.text.contains("event 2 is missing")
        == true)
    #expect(findings([(2, started(2))], [row(2, .running)]).first?.text.contains("trial 1 is missing") == true)
    #expect(findings([(1, started(1)), (1, done)], []).first?.text.contains("has no row") == true)
    #expect(findings([(1, started(1))], [row(1, .running)], last: 2).first?.text.contains("says event 2") == true)
    #expect(findings([], [row(1)]).first?.text.contains("no event in the log") == true)
  }

  @Test("A row that is not what the log says is found, with what differs")
  func rows() {
    let events = [(1, started(1)), (1, done)]
    #expect(findings(events, [row(1, loss: 2)]).first?.text.hasSuffix(": metrics") == true)
    #expect(findings(events, [row(1, .running)]).first?.text.contains("state (running, by the log completed)") == true)
    #expect(findings(events, [row(1, attempt: 2)]).first?.text.contains("attempt") == true)
    var moved = row(1)
    moved.parameters = ["x": .int(7)]
    #expect(findings(events, [moved]).first?.text.hasSuffix(": parameters") == true)
    #expect(findings(events + [(1, .excluded)], [row(1)]).first?.text.hasSuffix(": time of exclusion") == true)
  }

  @Test("A trial that is handed out while somebody holds it, or after its end, is found")
  func heldTwice() {
    let twice = findings([(1, started(1)), (1, started(1, attempt: 2))], [row(1, .running, attempt: 2)])
    #expect(twice.map(\.text).contains { $0.contains("two workers") })
    let ended = findings([(1, started(1)), (1, done), (1, done)], [row(1)])
    #expect(ended.map(\.text).contains { $0.contains("meets trial 1 completed") })
  }

  @Test("A budget that was exceeded is found, for all trials and for those at once")
  func budgets() {
    let many = findings(
      [(1, started(1)), (1, done), (2, started(2)), (2, done), (3, started(3)), (3, done)], [row(1), row(2), row(3)])
    #expect(many.map(\.text) == ["event 5 starts trial 3 of at most 2"])
    let atOnce = findings([(1, started(1)), (2, started(2))], [row(1, .running), row(2, .running)])
    #expect(atOnce.map(\.text) == ["after event 2 there are 2 trials under way, of at most 1"])
  }

  @Test("A snapshot that cannot be used is a warning, since the log has all of it")
  func snapshots() {
    for snapshot in [
      StudySnapshot(sequence: 0, format: 999, payload: []), StudySnapshot(sequence: 9, format: 1, payload: [0x7B]),
    ] {
      #expect(findings([], [], snapshot: snapshot).map(\.severity) == [.warning])
    }
  }

  @Test("Very many findings are counted, not all listed")
  func many() {
    let rows = (1...50).map { row($0) }
    let found = findings([], rows)
    #expect(found.count == 21)
    #expect(found.last?.text == "and 30 findings more")
  }
}
