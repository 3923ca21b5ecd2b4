import StudyOperations
import Testing
import TuningModel

@Suite("Lists of trials", .timeLimit(.minutes(1)))
struct ListingTests {
  let bench: Bench

  /// Trials 1 to 12: those of even number are told, 6 failed and 8 infeasible, the later the sooner; 12 is excluded.
  init() async throws {
    bench = try await Bench()
    try await bench.create(constraints: [OutcomeConstraint("size", .atMost(10))])
    for number in 1...12 {
      bench.clock.advance(seconds: 1)
      let isThird = number.isMultiple(of: 3)
      // What a worker holds already comes first.
      let request = AskRequest(count: isThird ? number / 3 : 1, worker: isThird ? "three" : "other \(number)")
      _ = try await bench.service.ask("s", request)
    }
    for number in [12, 10, 8, 6, 4, 2] {
      bench.clock.advance(seconds: 1)
      switch number {
      case 6: _ = try await bench.service.tell("s", 6, TrialResult(.failed(reason: nil)))
      case 8: _ = try await bench.service.tell("s", 8, TrialResult(.infeasible(reason: nil)))
      default:
        let loss = number == 10 ? 4 : Double(number)
        let size = number == 2 ? 11.0 : 1
        _ = try await bench.service.tell("s", number, .metrics(["loss": loss, "size": size]))
      }
    }
    _ = try await bench.service.exclude("s", 12, revision: nil)
  }

  private func numbers(_ selection: TrialSelection, pages size: Int) async throws -> [TrialNumber] {
    var numbers: [TrialNumber] = []
    var page = PageRequest(size: size)
    repeat {
      let found = try await bench.service.trials("s", selection, page)
      #expect(found.elements.count == size || found.nextToken == nil)
      numbers += found.elements.map(\.number)
      page.token = found.nextToken
    } while page.token != nil
    return numbers
  }

  static let orders: [(String, [Int])] = [
    ("number", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("-number", [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ("value", [2, 4, 10, 12, 1, 3, 5, 6, 7, 8, 9, 11]),
    ("-value", [12, 10, 4, 2, 11, 9, 8, 7, 6, 5, 3, 1]),
    ("finished", [12, 10, 8, 6, 4, 2, 1, 3, 5, 7, 9, 11]),
    ("-finished", [2, 4, 6, 8, 10, 12, 11, 9, 7, 5, 3, 1]),
  ]

  @Test("Every order is complete, whatever the size of its pages", arguments: orders, [1, 2, 5, 12, 1_000])
  func complete(order: (String, [Int]), size: Int) async throws {
    let selection = TrialSelection(order: try #require(TrialOrder(text: order.0)))
    #expect(try await numbers(selection, pages: size) == order.1)
  }

  @Test("Filters by states and worker hold in every order", arguments: orders, [1, 3, 1_000])
  func filters(order: (String, [Int]), size: Int) async throws {
    var selection = TrialSelection(order: try #require(TrialOrder(text: order.0)))
    selection.states = [.completed, .failed]
    #expect(try await numbers(selection, pages: size) == order.1.filter { [2, 4, 6, 10, 12].contains($0) })
    selection.worker = "three"
    #expect(try await numbers(selection, pages: size) == order.1.filter { [6, 12].contains($0) })
    selection.states = []
    #expect(try await numbers(selection, pages: size) == order.1.filter { $0.isMultiple(of: 3) })
    selection.worker = "nobody"
    #expect(try await numbers(selection, pages: size) == [])
  }

  @Test("A page of trials with very long reasons ends early, and the next one goes on there")
  func longReasons() async throws {
    let reason = String(repeating: "r", count: 8_000)
    for _ in 0..<2 {
      let trials = (0..<100).map { _ in
        EnqueuedTrial(["x": .int(1)], outcome: .failed(reason: reason))
      }
      _ = try await bench.service.enqueue("s", trials)
    }
    var seen: [TrialNumber] = []
    var page = PageRequest(size: 1_000)
    var sizes: [Int] = []
    repeat {
      let found = try await bench.service.trials("s", TrialSelection(), page)
      seen += found.elements.map(\.number)
      sizes.append(found.elements.count)
      page.token = found.nextToken
    } while page.token != nil
    #expect(seen == Array(1...212))
    #expect(sizes.count == 2)
  }

  @Test("A page of trials with very many values ends early")
  func manyValues() async throws {
    let x = Parameter("x", .float(FloatDomain(0, 1, size: 30_000)))
    _ = try await bench.service.create(
      try StudyDefinition(
        "wide", space: try SearchSpace([x]), objectives: [Objective("loss", .minimise)], tuner: TunerChoice("digest")))
    let point = EnqueuedTrial(["x": .vector([Double](repeating: 0.5, count: 30_000))])
    _ = try await bench.service.enqueue("wide", [EnqueuedTrial](repeating: point, count: 5))
    let first = try await bench.service.trials("wide", TrialSelection(), PageRequest(size: 1_000))
    #expect(first.elements.map(\.number) == [1, 2, 3])
    let last = try await bench.service.trials("wide", TrialSelection(), PageRequest(token: first.nextToken))
    #expect(last.elements.map(\.number) == [4, 5] && last.nextToken == nil)
  }

  @Test("A token is of no use in another order, and a made-up one is refused")
  func tokens() async throws {
    let token = try #require(
      try await bench.service.trials("s", TrialSelection(), PageRequest(size: 2)).nextToken)
    let other = TrialSelection(order: TrialOrder(.value))
    for (selection, token) in [
      (other, token), (TrialSelection(), "x"), (TrialSelection(), ""), (TrialSelection(), token + "0"),
      (TrialSelection(), "+1+1"),
    ] {
      #expect(
        await bench.code { _ = try await $0.trials("s", selection, PageRequest(size: 2, token: token)) } == .invalid)
    }
  }

  @Test("The history of the best counts what keeps the constraints and is not excluded, in the order of time")
  func history() async throws {
    let history = try await bench.service.history("s")
    // 10 ended before 4, with the same value; 2 breaks the constraint, 12 is excluded.
    #expect(history.improvements.map(\.trial) == [10] && history.improvements.map(\.value) == [4])
    #expect(history.completed == 2 && history.objective == Objective("loss", .minimise))
    #expect(try await bench.service.best("s")?.number == 4)
    #expect(try await bench.service.pareto("s", PageRequest()).elements.map(\.number) == [4, 10])
  }
}

@Suite("Several objectives", .timeLimit(.minutes(1)))
struct ParetoTests {
  let bench: Bench

  init() async throws {
    bench = try await Bench()
    let definition = try StudyDefinition(
      "s", space: try SearchSpace([Parameter("x", .int(IntDomain(1, 9)))]),
      objectives: [Objective("loss", .minimise), Objective("speed", .maximise)],
      outcomeConstraints: [OutcomeConstraint("size", .atMost(10))], tuner: TunerChoice("digest"))
    _ = try await bench.service.create(definition)
  }

  private func add(_ loss: Double, _ speed: Double, size: Double = 1) async throws {
    let outcome = TrialResult.Outcome.completed(Measurement(["loss": loss, "speed": speed, "size": size]))
    _ = try await bench.service.enqueue("s", [EnqueuedTrial(["x": .int(1)], outcome: outcome)])
  }

  @Test("The front has what nothing dominates, keeps the constraints and comes in pages")
  func front() async throws {
    for (loss, speed) in [(3.0, 3.0), (1, 1), (2, 2), (2, 1), (1, 1), (4, 3)] { try await add(loss, speed) }
    try await add(0, 9, size: 11)
    try await add(0, 9)
    _ = try await bench.service.exclude("s", 8, revision: nil)
    let first = try await bench.service.pareto("s", PageRequest(size: 3))
    #expect(first.elements.map(\.number) == [1, 2, 3])
    let rest = try await bench.service.pareto("s", PageRequest(size: 3, token: first.nextToken))
    #expect(rest.elements.map(\.number) == [5] && rest.nextToken == nil)
  }

  @Test("There is no single best, no order by value and no history of the best")
  func noSingle() async throws {
    #expect(await bench.code { _ = try await $0.best("s") } == .unsupported)
    #expect(await bench.code { _ = try await $0.history("s") } == .unsupported)
    let byValue = TrialSelection(order: TrialOrder(.value))
    #expect(await bench.code { _ = try await $0.trials("s", byValue, PageRequest()) } == .invalid)
  }

  @Test("A front found by sorting is the one found by comparing all with all")
  func exhaustive() {
    var random = RandomStream(seed: 5, trial: 1)
    for objectives in 1...3 {
      let costs = (0..<200).map { _ in (0..<objectives).map { _ in Double(Int.random(in: 0...12, using: &random)) } }
      let expected = costs.indices.filter { index in
        !costs.contains { other in
          zip(other, costs[index]).allSatisfy { $0 <= $1 } && other != costs[index]
        }
      }
      #expect(ParetoFront.indices(of: costs) == expected)
    }
  }
}
