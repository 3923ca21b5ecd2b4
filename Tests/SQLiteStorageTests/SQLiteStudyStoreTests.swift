import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("Studies in SQLite")
struct SQLiteStudyStoreTests {
  let folder: TemporaryFolder
  let store: SQLiteStudyStore
  let study: StoredStudy

  init() async throws {
    folder = try TemporaryFolder()
    store = try await SQLiteStudyStore.open(folder.path("hone.db"))
    study = try await store.create(try Fixture.study())
  }

  @Test("A study is read as it was created")
  func study() async throws {
    #expect(study.study == (try Fixture.study()) && study.original == study.study.definition)
    #expect(try await store.study(named: "s") == study)
    #expect(try await store.study(named: "t") == nil)
  }

  @Test("A name is taken once")
  func nameTaken() async throws {
    #expect(await Fixture.code { _ = try await store.create(try Fixture.study()) } == .studyExists)
  }

  @Test("Trials and events of every kind are read as they were kept")
  func roundTrip() async throws {
    var trials = (1...8).map { Fixture.trial($0) }
    try await store.commit(Fixture.start(1...8, of: study, after: 0))
    let end = Timestamp(milliseconds: 1_700_000_009_999)
    let odd = Measurement(
      ["loss": -0.0, "a": .leastNonzeroMagnitude, "b": 1.7976931348623157e308], step: 7, standardErrors: ["a": 0.1])
    let infinite = Measurement(["loss": .infinity, "c": -.infinity])
    let kinds: [TrialEvent.Kind] = [
      .completed(odd), .infeasible(reason: "not_finite", infinite), .infeasible(reason: "太大 🤯 \"'\\\n", nil),
      .failed(reason: "Größe"), .requeued(reason: "preempted"),
      .pruned(reason: "stopped", odd), .pruned(reason: "user", nil),
    ]
    let states: [TrialState] = [.completed, .infeasible, .infeasible, .failed, .waiting, .pruned, .pruned]
    for index in 0..<7 {
      trials[index].state = states[index]
      trials[index].lease = nil
      trials[index].finishedAt = states[index].isFinal ? end : nil
      trials[index].lostLeases = index
      switch kinds[index] {
      case .completed(let measurement): trials[index].measurement = measurement
      case .pruned(let reason, let measurement), .infeasible(let reason, let measurement):
        (trials[index].reason, trials[index].measurement) = (reason, measurement)
      case .failed(let reason), .requeued(let reason): trials[index].reason = reason
      case .enqueued, .started, .reported, .corrected, .excluded: break
      }
    }
    let change = Fixture.change(study, after: 8, Array(trials[..<7])) { kinds[$0.number - 1] }
    try await store.commit(change)
    #expect(try await store.trials(of: study, state: nil, after: 0, limit: 9) == trials)
    for trial in trials { #expect(try await store.trial(trial.number, of: study) == trial) }
    let events = try await store.events(of: study, after: 0, limit: 99)
    #expect(events == Fixture.start(1...8, of: study, after: 0).events + change.events)
    #expect(try await store.events(of: study, after: 8, limit: 2) == Array(events[8..<10]))
  }

  @Test("Reports are read as they were kept, for one trial in the order of the log")
  func reports() async throws {
    try await store.commit(Fixture.start(1...2, of: study, after: 0))
    let full = Measurement(
      ["loss": 1e-300, "a": .infinity], step: 3, standardErrors: ["loss": 0.1], checkpoint: "s3://ü/3")
    let reports = [
      TrialReport(full, attempt: 1), TrialReport(Measurement(["loss": -0.0], step: 9), attempt: 1, decision: .stop),
      TrialReport(Measurement(["loss": 2], step: 0), attempt: 2),
    ]
    let kinds = reports.map { TrialEvent(1, .reported($0)) } + [TrialEvent(2, .reported(reports[1]))]
    let events = kinds.enumerated().map {
      RecordedEvent(sequence: 3 + $0, at: Timestamp(milliseconds: 5), event: .trial($1))
    }
    try await store.commit(StudyChange(study: study.id, expectedSequence: 2, events: events, trials: []))
    #expect(try await store.reports(on: 1, of: study) == reports)
    #expect(try await store.reports(on: 2, of: study) == [reports[1]])
    #expect(try await store.reports(on: 3, of: study).isEmpty)
    #expect(try await store.events(of: study, after: 2, limit: 9) == events)
  }

  @Test(
    "Numbers in a measurement come back bit for bit",
    arguments: [
      Double.nan, .infinity, -.infinity, -0.0, 0.1, .leastNonzeroMagnitude, -1.7976931348623157e308, 1 / 3,
      123_456_789_012_345_680,
    ])
  func bits(value: Double) async throws {
    try await store.commit(Fixture.start(1...1, of: study, after: 0))
    var trial = Fixture.trial(1, state: .completed)
    trial.measurement = Measurement(["loss": 1, "value": value])
    let measurement = try #require(trial.measurement)
    try await store.commit(Fixture.change(study, after: 1, [trial]) { _ in .completed(measurement) })
    let stored = try await store.trial(1, of: study)?.measurement?.metrics["value"]
    #expect(stored?.bitPattern == value.bitPattern)
    guard case .trial(let event)? = try await store.events(of: study, after: 1, limit: 1).first?.event,
      case .completed(let logged) = event.kind
    else {
      Issue.record("The event is not the one that was kept.")
      return
    }
    #expect(logged.metrics["value"]?.bitPattern == value.bitPattern)
  }

  @Test("A change of the study is kept with its event, and the original definition stays")
  func revised() async throws {
    var revised = study.study
    revised.revision = 1
    revised.state = .finished
    revised.definition.budget = Budget(maxTrials: 5, trialTimeoutSeconds: 0.5, maxRetries: 0)
    revised.definition.labels = ["team": "值"]
    let patch = StudyPatch(state: .finished, budget: revised.definition.budget, labels: nil)
    let event = RecordedEvent(sequence: 1, at: revised.createdAt, event: .updated(patch))
    try await store.commit(
      StudyChange(study: study.id, expectedSequence: 0, events: [event], trials: [], revised: revised))
    let stored = try #require(try await store.study(named: "s"))
    #expect(stored.study == revised && stored.original == study.original && stored.lastSequence == 1)
    #expect(try await store.events(of: study, after: 0, limit: 9) == [event])
  }

  @Test("A change that expects another end of the log is a conflict and leaves no trace", arguments: [0, 1, 3])
  func conflict(expected: Int) async throws {
    try await store.commit(Fixture.start(1...2, of: study, after: 0))
    let change = Fixture.start(3...3, of: study, after: expected)
    #expect(await Fixture.code { try await store.commit(change) } == .revisionConflict)
    #expect(try await store.study(named: "s")?.lastSequence == 2)
    #expect(try await store.trial(3, of: study) == nil)
  }

  @Test("A change of a deleted study finds no study, also when its name is in use again")
  func deleted() async throws {
    try await store.commit(Fixture.start(1...2, of: study, after: 0))
    try await store.keep(StudySnapshot(sequence: 2, format: 1, payload: [123]), of: study.id)
    try await store.delete(study.id, revision: 0)
    let next = try await store.create(try Fixture.study())
    #expect(next.id != study.id)
    #expect(await Fixture.code { try await store.commit(Fixture.start(1...1, of: study, after: 0)) } == .studyNotFound)
    #expect(await Fixture.code { try await store.delete(study.id, revision: nil) } == .studyNotFound)
    for table in ["trials", "events", "snapshots"] {
      #expect(try await store.number("SELECT count(*) FROM \(table)") == 0)
    }
    try await store.keep(StudySnapshot(sequence: 2, format: 1, payload: [123]), of: study.id)
    #expect(try await store.snapshot(of: study.id) == nil)
  }

  @Test("Deleting with another revision is refused")
  func deleteRevision() async throws {
    #expect(await Fixture.code { try await store.delete(study.id, revision: 4) } == .revisionConflict)
    #expect(try await store.study(named: "s") == study)
  }

  @Test("The last snapshot replaces the one before")
  func snapshots() async throws {
    #expect(try await store.snapshot(of: study.id) == nil)
    for sequence in [5, 9] {
      let snapshot = StudySnapshot(sequence: sequence, format: 1, payload: Array("{\(sequence)}".utf8))
      try await store.keep(snapshot, of: study.id)
      #expect(try await store.snapshot(of: study.id) == snapshot)
    }
  }

  @Test("A roster has the counts and the unfinished trials of one moment")
  func roster() async throws {
    try await store.commit(Fixture.start(1...4, of: study, after: 0))
    try await store.commit(
      Fixture.change(study, after: 4, [Fixture.trial(2, state: .completed)]) { _ in .completed(Measurement(["loss": 1]))
      })
    let roster = try #require(try await store.roster(named: "s"))
    #expect(roster.study.lastSequence == 5)
    #expect(roster.counts == [.running: 3, .completed: 1])
    #expect(roster.unfinished.map(\.number) == [1, 3, 4])
    #expect(try await store.roster(named: "nope") == nil)
  }

  @Test("Pages of thousands of trials are complete, by state too")
  func pages() async throws {
    try await store.commit(Fixture.start(1...3_000, of: study, after: 0))
    let ended = stride(from: 3, through: 3_000, by: 3).map { Fixture.trial($0, state: .completed) }
    try await store.commit(Fixture.change(study, after: 3_000, ended) { _ in .completed(Measurement(["loss": 1])) })
    for (state, expected) in [(nil, Array(1...3_000)), (TrialState.completed, ended.map(\.number)), (.failed, [])] {
      var numbers: [Int] = []
      while true {
        let page = try await store.trials(of: study, state: state, after: numbers.last ?? 0, limit: 700)
        numbers += page.map(\.number)
        if page.count < 700 { break }
      }
      #expect(numbers == expected)
    }
  }

  @Test("No frequent query reads a whole table, and only the trials of a page are sorted")
  func queryPlans() async throws {
    let plans = try await store.queryPlans()
    let orders = TrialOrder.all.map(\.text)
    for (name, plan) in plans where name != "leases" {
      guard orders.contains(where: { name.hasPrefix("\($0) ") }) else {
        #expect(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "\(name): \(plan)")
        continue
      }
      // The trials of the page come by their numbers, which an index alone gives; only they are sorted.
      let start = "SEARCH trials USING INDEX sqlite_autoindex_trials_1 (study=? AND number=?); "
      #expect(plan.hasPrefix(start), "\(name): \(plan)")
      #expect(!plan.contains("SCAN trials"), "\(name): \(plan)")
      #expect(plan.ranges(of: "SEARCH trials USING INDEX").count == 1, "\(name): \(plan)")
      let sorts = plan.ranges(of: "TEMP B-TREE").count
      #expect(sorts == (name.hasSuffix("lacking") || !name.contains("number") ? 1 : 0), "\(name): \(plan)")
    }
    #expect(
      plans["leases"] == "SCAN s; SEARCH t USING INDEX trials_by_state (study=? AND state=?)")
    #expect(plans["reports"]?.contains("USING INDEX reports_by_trial (study=? AND trial=?)") == true)
  }

  @Test("The leases of trials under way are found with their studies' time-outs")
  func leases() async throws {
    var limited = try Fixture.study("t")
    limited.definition.budget.trialTimeoutSeconds = 90.5
    for study in [study, try await store.create(limited), try await store.create(try Fixture.study("u"))] {
      try await store.commit(Fixture.start(1...3, of: study, after: 0))
      let ended = study.study.name == "u" ? 1...3 : 2...2
      try await store.commit(
        Fixture.change(study, after: 3, ended.map { Fixture.trial($0, state: .waiting) }) { _ in
          .requeued(reason: "preempted")
        })
    }
    let entries = [1, 3].map { number in
      StoredLeases.Entry(Lease(token: "00ff", expiresAt: Self.end(number)), startedAt: Fixture.trial(number).startedAt)
    }
    #expect(
      try await store.leases() == [
        StoredLeases(name: "s", trialTimeoutSeconds: nil, entries: entries),
        StoredLeases(name: "t", trialTimeoutSeconds: 90.5, entries: entries),
      ])
  }

  private static func end(_ number: TrialNumber) -> Timestamp {
    Fixture.trial(number).startedAt.advanced(bySeconds: 60)
  }

  @Test("After closing, reads and writes are unavailable")
  func closed() async throws {
    await store.close()
    #expect(await Fixture.code { _ = try await store.study(named: "s") } == .unavailable)
    #expect(await Fixture.code { _ = try await store.create(try Fixture.study("t")) } == .unavailable)
    await store.close()
  }
}
