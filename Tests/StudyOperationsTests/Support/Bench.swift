import Dispatch
import SQLiteStorage
import StoppingRules
import StudyOperations
import TestSupport
import Testing
import Tuners
import TuningModel

/// A service on a database in a folder of its own, with a clock that is driven by hand.
final class Bench: Sendable {
  let folder: TemporaryFolder
  let store: SQLiteStudyStore
  let service: StudyService
  let clock: ManualClock

  static let catalog = TunerCatalog(
    [
      DigestTuner.self, LadderTuner.self, BrokenTuner.self, GatedTuner.self,
      DrawingTuner.self, SerialTuner.self,
      PopulationBasedTuner.self, FixedScheduleTuner.self,
    ],
    stoppingRules: [SuccessiveHalvingRule.self, MedianRule.self])

  /// The one thread that computes suggestions.
  let pool: ComputePool

  init(
    folder: TemporaryFolder? = nil, clock: ManualClock = ManualClock(), idleTime: Duration = .seconds(600)
  ) async throws {
    let folder = try folder ?? TemporaryFolder()
    self.folder = folder
    self.clock = clock
    pool = ComputePool(threads: 1)
    store = try await SQLiteStudyStore.open(folder.path("hone.db"))
    service = StudyService(
      store: store, catalog: Self.catalog, clock: clock, pool: pool, sweepInterval: nil, idleTime: idleTime)
  }

  /// What a power cut at this moment would leave, opened by another service.
  func afterCrash() async throws -> Bench {
    let copy = try TemporaryFolder()
    try folder.copy(["hone.db", "hone.db-wal"], to: copy)
    return try await Bench(folder: copy, clock: clock)
  }

  /// Another service on the same store, as if two programs shared it.
  func rival() -> StudyService {
    StudyService(store: store, catalog: Self.catalog, clock: clock, sweepInterval: nil)
  }

  /// Stops the service and starts another on the same database.
  func restarted() async throws -> Bench {
    await service.shutdown()
    return try await Bench(folder: folder, clock: clock)
  }

  /// Creates a study with an int `x` from 1 to 100 to be minimised in `loss`.
  @discardableResult
  func create(
    _ name: String = "s", tuner: String = "digest", high: Int = 100, budget: Budget = Budget(),
    defaultValue: Int? = nil,
    reproducible: Bool = false, maxWait: Int = TunerChoice.standardWaitMilliseconds,
    constraints: [OutcomeConstraint] = [], stopping: StoppingChoice? = nil, labels: [String: String] = [:]
  ) async throws -> StudySummary {
    let x = Parameter("x", .int(IntDomain(1, high)), default: defaultValue.map(ParameterValue.int))
    let definition = try StudyDefinition(
      name, space: try SearchSpace([x]), objectives: [Objective("loss", .minimise)], outcomeConstraints: constraints,
      tuner: TunerChoice(tuner, seed: 11, reproducible: reproducible, maxWaitMilliseconds: maxWait),
      stopping: stopping, budget: budget,
      labels: labels)
    return try await service.create(definition).summary
  }

  /// Does something while no suggestion can be computed.
  func whilePoolIsBusy<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
    let begun = AsyncStream<Void>.makeStream()
    let end = DispatchSemaphore(value: 0)
    let computation = Task { [pool] in
      await pool.run {
        begun.continuation.yield()
        end.wait()
      }
    }
    for await _ in begun.stream { break }
    defer { end.signal() }
    let answer = try await body()
    end.signal()
    await computation.value
    return answer
  }

  /// How many suggestions do not even know what their own worker had told before it asked for them.
  func olderModels(_ study: String) async throws -> Int {
    var lastResult: [String: Int] = [:]
    var holder: [TrialNumber: String] = [:]
    var count = 0
    for recorded in try await service.events(study, after: 0, limit: 1_000) {
      guard case .trial(let event) = recorded.event else { continue }
      if case .started(let suggestion, let worker?, let attempt) = event.kind {
        holder[event.trial] = worker
        if attempt == 1, suggestion.origin.history < lastResult[worker, default: 0] { count += 1 }
      } else if let worker = holder[event.trial] {
        lastResult[worker] = recorded.sequence
      }
    }
    return count
  }

  /// Asks for one trial.
  func ask(_ worker: String? = nil, seconds: Double? = nil, study: String = "s") async throws -> Trial {
    let answer = try await service.ask(study, AskRequest(worker: worker, leaseSeconds: seconds))
    return try #require(answer.trials.first)
  }

  /// Tells a result for a trial.
  @discardableResult
  func tell(_ number: TrialNumber, _ loss: Double = 1, study: String = "s") async throws -> Trial {
    try await service.tell(study, number, .metrics(["loss": loss]))
  }

  /// The code of the error that something fails with.
  func code(_ body: (StudyService) async throws -> Void) async -> StudyError.Code? {
    do { try await body(service) } catch { return (error as? StudyError)?.code }
    return nil
  }
}
