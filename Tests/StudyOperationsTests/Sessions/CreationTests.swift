import StudyOperations
import Testing
import TuningModel

@Suite("Creating, changing and deleting studies")
struct CreationTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  private func definition(_ text: String) throws -> StudyDefinition { try StudyDefinition(try JSONValue(text: text)) }

  private let plain = """
    {"name": "s", "parameters": [{"name": "x", "type": "int", "low": 1, "high": 9}],
     "objectives": [{"metric": "loss", "goal": "minimize"}]}
    """

  @Test("A new study is active, has the first tuner that serves it and a seed that JSON holds exactly")
  func created() async throws {
    let created = try await bench.service.create(try definition(plain))
    #expect(created.isNew)
    let study = created.summary.study
    #expect(study.tunerName == "digest" && study.state == .active && study.revision == 0)
    #expect(study.seed < 1 << 53 && study.definition.tuner.seed == nil)
    #expect(study.createdAt == bench.clock.now)
    #expect(try await bench.service.study("s") == created.summary)
  }

  @Test("The same definition again is the existing study, another one is refused")
  func again() async throws {
    let first = try await bench.service.create(try definition(plain))
    _ = try await bench.ask()
    let second = try await bench.service.create(try definition(plain))
    #expect(!second.isNew && second.summary.study == first.summary.study)
    #expect(second.summary.counts == [.running: 1])
    var other = try definition(plain)
    other.objectives[0].goal = .maximise
    #expect(await bench.code { _ = try await $0.create(other) } == .studyExists)
  }

  @Test("A study is the same by the definition it was created with and by the one it has after a change")
  func againAfterPatch() async throws {
    let original = try definition(plain)
    _ = try await bench.service.create(original)
    _ = try await bench.service.update("s", StudyPatch(budget: Budget(maxTrials: 5)), revision: nil)
    var changed = original
    changed.budget = Budget(maxTrials: 5)
    #expect(try await bench.service.create(original).isNew == false)
    #expect(try await bench.service.create(changed).isNew == false)
    changed.budget = Budget(maxTrials: 6)
    #expect(await bench.code { _ = try await $0.create(changed) } == .studyExists)
  }

  @Test("Of many that create the same study at once, one does")
  func race() async throws {
    let definition = try definition(plain)
    let news = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 { group.addTask { try await bench.service.create(definition).isNew } }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(news == 1)
  }

  @Test(
    "What the tuner cannot honour is unsupported, a wrong option is invalid, each with its pointer",
    arguments: [
      (#""tuner": {"name": "nope"}"#, StudyError.Code.unsupported, "/tuner/name"),
      (#""tuner": {"name": "ladder"}, "parameters": [{"name": "y", "type": "bool"}]"#, .unsupported, "/parameters"),
      (#""tuner": {"name": "digest", "width": 10}"#, .invalid, "/tuner/width"),
      (#""tuner": {"name": "digest", "height": 1}"#, .invalid, "/tuner/height"),
      (#""stopping": {"name": "hope"}"#, .unsupported, "/stopping/name"),
      (#""stopping": {"name": "asha", "metric": "size"}"#, .invalid, "/stopping/metric"),
      (#""stopping": {"name": "median", "interval": 0}"#, .invalid, "/stopping/interval"),
    ])
  func refused(fields: String, code: StudyError.Code, pointer: String) async throws {
    let base = try JSONValue(text: plain)
    guard case .object(var all) = base, case .object(let changed) = try JSONValue(text: "{\(fields)}") else { return }
    all.merge(changed) { $1 }
    let definition = try StudyDefinition(.object(all))
    let error = await #expect(throws: StudyError.self) { try await bench.service.create(definition) }
    #expect(error?.code == code)
    #expect(error?.mistakes.map(\.pointer) == [pointer])
    #expect(try await bench.service.studies(PageRequest()).elements.isEmpty)
  }

  @Test(
    "A definition put together in code is checked like one that was read",
    arguments: [
      Budget(trialTimeoutSeconds: .infinity), Budget(trialTimeoutSeconds: -1), Budget(maxTrials: 0),
      Budget(maxRetries: -1),
    ])
  func unsoundBudget(budget: Budget) async throws {
    var definition = try definition(plain)
    definition.budget = budget
    #expect(await bench.code { _ = try await $0.create(definition) } != nil)
    _ = try await bench.service.create(try self.definition(plain))
    #expect(await bench.code { _ = try await $0.update("s", StudyPatch(budget: budget), revision: nil) } != nil)
    #expect(try await bench.service.study("s").study.revision == 0)
  }

  @Test("A change raises the revision and stands in the log; one that changes nothing does neither")
  func update() async throws {
    _ = try await bench.service.create(try definition(plain))
    let patch = StudyPatch(state: .paused, budget: Budget(maxTrials: 3), labels: ["team": "vision"])
    let changed = try await bench.service.update("s", patch, revision: 0)
    #expect(changed.study.revision == 1 && changed.study.state == .paused)
    #expect(changed.study.definition.budget == Budget(maxTrials: 3))
    #expect(changed.study.definition.labels == ["team": "vision"])
    #expect(try await bench.service.update("s", patch, revision: nil) == changed)
    #expect(try await bench.service.study("s") == changed)
    #expect(try await bench.service.events("s", after: 0, limit: 9).map(\.event) == [.updated(patch)])
  }

  @Test("A stale revision is refused")
  func staleRevision() async throws {
    _ = try await bench.service.create(try definition(plain))
    _ = try await bench.service.update("s", StudyPatch(state: .paused), revision: 0)
    #expect(
      await bench.code { _ = try await $0.update("s", StudyPatch(state: .active), revision: 0) } == .revisionConflict)
    #expect(await bench.code { try await $0.delete("s", revision: 0) } == .revisionConflict)
    #expect(try await bench.service.study("s").study.state == .paused)
    try await bench.service.delete("s", revision: 1)
  }

  @Test("Every state may follow every other")
  func transitions() async throws {
    _ = try await bench.service.create(try definition(plain))
    for state in [StudyState.paused, .active, .finished, .paused, .finished, .active] {
      #expect(try await bench.service.update("s", StudyPatch(state: state), revision: nil).study.state == state)
    }
    #expect(try await bench.ask().number == 1)
  }

  @Test("A budget below what is spent hands out nothing, and a larger one goes on")
  func budgetChange() async throws {
    try await bench.create()
    _ = try await bench.service.ask("s", AskRequest(count: 4))
    _ = try await bench.service.update("s", StudyPatch(budget: Budget(maxTrials: 2)), revision: nil)
    #expect(try await bench.service.ask("s", AskRequest()).shortfall == .budgetReserved)
    _ = try await bench.service.update("s", StudyPatch(budget: Budget(maxTrials: 6)), revision: nil)
    #expect(try await bench.service.ask("s", AskRequest(count: 9)).trials.map(\.number) == [5, 6])
  }

  @Test("A deleted study is gone with all its trials, and its name is free")
  func delete() async throws {
    try await bench.create()
    _ = try await bench.ask()
    _ = try await bench.service.tell("s", 1, .metrics(["loss": 1]))
    try await bench.service.delete("s", revision: nil)
    #expect(await bench.code { _ = try await $0.study("s") } == .studyNotFound)
    #expect(await bench.code { _ = try await $0.tell("s", 1, .metrics(["loss": 1])) } == .studyNotFound)
    #expect(await bench.code { try await $0.delete("s", revision: nil) } == .studyNotFound)
    try await bench.create(tuner: "ladder")
    #expect(try await bench.service.trials("s", state: nil, PageRequest()).elements.isEmpty)
    #expect(try await bench.ask().parameters == ["x": .int(1)])
  }

  @Test("Studies are listed page by page in the order of their names")
  func list() async throws {
    for name in ["b", "a.2", "C", "a", "z"] { try await bench.create(name) }
    var (names, token): ([String], String?) = ([], nil)
    repeat {
      let page = try await bench.service.studies(PageRequest(size: 2, token: token))
      names += page.elements.map(\.name)
      token = page.nextToken
    } while token != nil
    #expect(names == ["C", "a", "a.2", "b", "z"])
  }

  @Test("Trials are listed page by page, by state too, and the last page has no token")
  func trialPages() async throws {
    try await bench.create()
    _ = try await bench.service.ask("s", AskRequest(count: 5))
    for number in [1, 3, 4] { _ = try await bench.service.tell("s", number, .metrics(["loss": 1])) }
    let first = try await bench.service.trials("s", state: .completed, PageRequest(size: 2))
    #expect(first.elements.map(\.number) == [1, 3])
    let rest = try await bench.service.trials("s", state: .completed, PageRequest(size: 2, token: first.nextToken))
    #expect(rest.elements.map(\.number) == [4] && rest.nextToken == nil)
    let all = try await bench.service.trials("s", state: nil, PageRequest(size: 5))
    #expect(all.elements.count == 5 && all.nextToken == nil)
  }

  @Test("Pages of no size and tokens that are none are refused")
  func badPages() async throws {
    try await bench.create()
    for page in [PageRequest(size: 0), PageRequest(size: 1_001), PageRequest(token: "?")] {
      #expect(await bench.code { _ = try await $0.trials("s", state: nil, page) } == .invalid)
      #expect(await bench.code { _ = try await $0.studies(page) } == .invalid)
    }
  }

  @Test("After shutdown everything is unavailable, also a second time")
  func shutdown() async throws {
    try await bench.create()
    await bench.service.shutdown()
    await bench.service.shutdown()
    #expect(await bench.code { _ = try await $0.ask("s", AskRequest()) } == .unavailable)
    #expect(await bench.code { _ = try await $0.study("s") } == .unavailable)
    #expect(await bench.code { _ = try await $0.create(try definition(plain)) } == .unavailable)
  }
}
