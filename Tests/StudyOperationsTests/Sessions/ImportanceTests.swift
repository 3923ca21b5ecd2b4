import StudyOperations
import Testing
import TuningModel

@Suite("Importance of a study's parameters")
struct ImportanceTests {
  private static let x = Parameter("x", .float(FloatDomain(0, 1)))
  private static let y = Parameter("y", .float(FloatDomain(0, 1)))

  private static func bench(
    _ objectives: [Objective] = [Objective("loss", .minimise)], constraints: [OutcomeConstraint] = []
  ) async throws -> Bench {
    let bench = try await Bench()
    let definition = try StudyDefinition(
      "i", space: SearchSpace([x, y]), objectives: objectives, outcomeConstraints: constraints,
      tuner: TunerChoice("drawing", seed: 3))
    _ = try await bench.service.create(definition)
    return bench
  }

  /// Results at points that cover the square evenly; `loss` is x, `time` is y.
  private static func fill(_ bench: Bench, _ count: Int, loss: (Double, Double) -> Double = { x, _ in x }) async throws
  {
    let trials = (0..<count).map { index in
      let x = (Double(index) * 0.7548776662466927).truncatingRemainder(dividingBy: 1)
      let y = (Double(index) * 0.5698402909980532).truncatingRemainder(dividingBy: 1)
      return EnqueuedTrial(
        ["x": .float(x), "y": .float(y)], outcome: .completed(Measurement(["loss": loss(x, y), "time": y])))
    }
    _ = try await bench.service.enqueue("i", trials)
  }

  @Test("It goes by completed trials, those too that violate a constraint, but not by excluded ones")
  func which() async throws {
    let bench = try await Self.bench(constraints: [OutcomeConstraint("time", .atMost(0.5))])
    try await Self.fill(bench, 40)
    _ = try await bench.service.enqueue(
      "i", [EnqueuedTrial(["x": .float(0), "y": .float(0)], outcome: .infeasible(reason: nil))])
    _ = try await bench.service.exclude("i", 3, revision: nil)
    let report = try await bench.service.importance("i", ImportanceSelection())
    #expect(report.trials == 39)
    #expect(report.parameters.map(\.parameters) == [["x"], ["y"]])
    #expect(report.parameters[0].importance > 0.9)
    let time = try await bench.service.importance("i", ImportanceSelection(metric: "time"))
    #expect(time.parameters[0].parameters == ["y"])
  }

  @Test("Fewer than ten trials are too few")
  func few() async throws {
    let bench = try await Self.bench()
    try await Self.fill(bench, 9)
    let code = await bench.code { _ = try await $0.importance("i", ImportanceSelection()) }
    #expect(code == .noModelYet)
    try await Self.fill(bench, 1)
    #expect(try await bench.service.importance("i", ImportanceSelection()).trials == 10)
  }

  @Test("Of several objectives one must be named, and a share must be one")
  func refusals() async throws {
    let bench = try await Self.bench([Objective("loss", .minimise), Objective("time", .maximise)])
    try await Self.fill(bench, 20)
    for selection in [
      ImportanceSelection(), ImportanceSelection(metric: "speed"), ImportanceSelection(metric: "loss", best: 0),
      ImportanceSelection(metric: "loss", best: 1.5), ImportanceSelection(metric: "loss", best: .nan),
    ] {
      #expect(await bench.code { _ = try await $0.importance("i", selection) } == .invalid)
    }
    #expect(await bench.code { _ = try await $0.importance("none", ImportanceSelection()) } == .studyNotFound)
    #expect(try await bench.service.importance("i", ImportanceSelection(metric: "time")).metric == "time")
  }

  @Test("More trials than a page holds all count")
  func pages() async throws {
    let bench = try await Self.bench()
    for _ in 0..<2 { try await Self.fill(bench, 600) }
    #expect(try await bench.service.importance("i", ImportanceSelection(best: 0.01)).trials == 1_200)
  }
}
