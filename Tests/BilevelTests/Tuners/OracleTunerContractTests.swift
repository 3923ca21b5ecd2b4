import Bilevel
import TestSupport
import Testing
import TuningModel

/// What every tuner that asks oracles has to keep, over histories with workers that fail and come back out of order.
@Suite("The contract of tuners that ask oracles")
struct OracleTunerContractTests {
  static let cases: [(String, [String: JSONValue])] = [
    ("maid", [:]), ("maid", ["parallel": 3, "fuse_gradient": true]), ("hoag", [:]), ("f2sa", [:]),
    ("f2sa", ["momentum": 0.5]), ("bda", [:]), ("pes", ["particles": 4]), ("es_single", ["particles": 6]),
    ("hypergradient", ["memory": 3]), ("self_tuning", ["warm_up_steps": 3]),
    ("self_tuning", ["learn_deviation": false]),
  ]

  /// A history of so many turns; workers answer out of order, and now and then fail, or are given up and start again.
  private func run(_ name: String, _ options: [String: JSONValue], turns: Int, seed: UInt64) throws -> OracleCourseRun {
    var run = try OracleCourseRun(vectorStudy(name, options))
    var random = SplitMix64(seed: seed)
    for _ in 0..<turns {
      guard try run.ask(Int.random(in: 1...3, using: &random)) != nil else { break }
      if run.open.isEmpty { continue }
      let index = Int.random(in: run.open.indices, using: &random)
      switch Int.random(in: 0..<12, using: &random) {
      case 0: run.tell(index, failing: true)
      case 1:
        let (number, suggestion) = run.open[index]
        run.observe(TrialEvent(number, .requeued(reason: "made up")))
        run.observe(TrialEvent(number, .started(suggestion, worker: "other", attempt: 2)))
        run.tell(index)
      case 2:
        let number = run.open[index].number
        run.tell(index)
        run.observe(TrialEvent(number, .excluded))
      default: run.tell(index)
      }
    }
    return run
  }

  private func suggestions(_ tuner: any OracleTuner, from next: Int) throws -> [Suggestion]? {
    do throws(TunerError) {
      return try tuner.suggest(next..<(next + 3), seed: 5)
    } catch {
      switch error {
      case .waiting, .finished: return nil
      default: throw error
      }
    }
  }

  @Test(
    "The same events give the same snapshot, and a snapshot the same suggestions, to the last bit", arguments: cases)
  func replay(name: String, options: [String: JSONValue]) throws {
    for turns in [0, 1, 2, 5, 17, 60] {
      let run = try run(name, options, turns: turns, seed: 3)
      var folded = try makeTuner(run.study)
      for event in run.log { folded.observe(event) }
      #expect(folded.snapshot == run.tuner.snapshot)
      var restored = try makeTuner(run.study)
      try restored.restore(try JSONValue(text: run.tuner.snapshot.text))
      #expect(restored.snapshot == run.tuner.snapshot)
      #expect(restored.ending == run.tuner.ending && restored.incumbent == run.tuner.incumbent)
      let expected = try suggestions(run.tuner, from: run.next)
      #expect(try suggestions(folded, from: run.next) == expected)
      #expect(try suggestions(restored, from: run.next) == expected)
    }
  }

  @Test("A tuner that is restored at every step takes the same way", arguments: cases)
  func restarts(name: String, options: [String: JSONValue]) throws {
    let run = try run(name, options, turns: 40, seed: 11)
    var restarted = try makeTuner(run.study)
    for event in run.log {
      restarted.observe(event)
      var next = try makeTuner(run.study)
      try next.restore(try JSONValue(text: restarted.snapshot.text))
      restarted = next
    }
    #expect(restarted.snapshot == run.tuner.snapshot)
  }

  @Test("Suggestions of one ask are those of several", arguments: cases)
  func batches(name: String, options: [String: JSONValue]) throws {
    let run = try run(name, options, turns: 7, seed: 2)
    guard let together = try suggestions(run.tuner, from: run.next) else { return }
    var tuner = run.tuner
    for (offset, suggestion) in together.enumerated() {
      let number = run.next + offset
      #expect(try tuner.suggest(number..<(number + 1), seed: 5) == [suggestion])
      tuner.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
    }
  }

  @Test("A snapshot of another dimension or version is refused", arguments: cases)
  func otherSnapshots(name: String, options: [String: JSONValue]) throws {
    let run = try run(name, options, turns: 9, seed: 4)
    var other = try makeTuner(vectorStudy(name, options, dimension: 2))
    #expect(throws: InvalidInput.self) { try other.restore(run.tuner.snapshot) }
    var same = try makeTuner(run.study)
    guard case .object(var fields) = run.tuner.snapshot else { return #expect(Bool(false), "no object") }
    fields["version"] = 99
    #expect(throws: InvalidInput.self) { try same.restore(.object(fields)) }
    #expect(throws: InvalidInput.self) { try same.restore(.null) }
    #expect(throws: InvalidInput.self) { try same.restore(["version": 1, "state": ["book": []]]) }
  }

  @Test("The first trial is the user's default point, with a request", arguments: cases)
  func start(name: String, options: [String: JSONValue]) throws {
    let tuner = try makeTuner(vectorStudy(name, options))
    let first = try #require(try tuner.suggest(1..<2, seed: 1).first)
    #expect(first.request?.kind == type(of: tuner).description.requests.first)
    #expect(first.origin.tuner == name)
    if first.request?.kind != .es { #expect(OracleCourseRun.theta(first) == [1, 1, 1]) }
    #expect(type(of: tuner).startsAtDefaultPoint)
  }

  @Test(
    "What a method with gradients cannot honour is refused with a pointer", arguments: ["maid", "pes", "hypergradient"])
  func refusals(name: String) throws {
    func pointers(_ study: StudyDefinition) -> [String] {
      do throws(TunerError) {
        _ = try makeTuner(study)
        return []
      } catch {
        guard case .unsupported(let mistakes) = error else { return ["\(error)"] }
        return mistakes.map(\.pointer)
      }
    }
    let choice = TunerChoice(name)
    let sound = Parameter("x", .float(FloatDomain(0, 1)))
    let mixed = try SearchSpace([
      sound, Parameter("n", .int(IntDomain(1, 3))), Parameter("s", .float(FloatDomain(0, 1, step: 0.5))),
      Parameter("c", .bool), Parameter("y", .float(FloatDomain(0, 1)), when: Condition("c", isOneOf: [.bool(true)])),
    ])
    let objective = Objective("loss", .minimise)
    #expect(
      pointers(try StudyDefinition("s", space: mixed, objectives: [objective], tuner: choice)) == [
        "/parameters/1/type", "/parameters/2/step", "/parameters/3/type", "/parameters/4/when",
      ])
    let plain = try SearchSpace([sound])
    #expect(
      pointers(
        try StudyDefinition(
          "s", space: plain, objectives: [objective, Objective("b", .maximise)],
          outcomeConstraints: [OutcomeConstraint("m", .atMost(1))], tuner: choice)) == [
          "/objectives", "/objectives/1/goal", "/outcome_constraints",
        ])
    let constrained = try SearchSpace([sound], constraints: [LinearConstraint(parsing: "x >= 0.5", names: ["x"])])
    #expect(
      pointers(try StudyDefinition("s", space: constrained, objectives: [objective], tuner: choice)) == [
        "/parameter_constraints"
      ])
  }

  @Test("Options that contradict each other are refused with a pointer")
  func contradictions() throws {
    func pointer(_ name: String, _ options: [String: JSONValue]) throws -> String? {
      let study = try vectorStudy(name, options)
      do throws(TunerError) {
        _ = try makeTuner(study)
        return nil
      } catch {
        guard case .unsupported(let mistakes) = error else { return nil }
        return mistakes.first?.pointer
      }
    }
    #expect(try pointer("maid", ["eta": 0.01, "lambda": 0.02]) == "/tuner/eta")
    #expect(try pointer("maid", ["eps": 0.01, "floor": 0.02]) == "/tuner/floor")
    #expect(try pointer("maid", ["parallel": 0]) == "/tuner/parallel")
    #expect(try pointer("maid", ["certify": "off", "stop": "certified"]) == "/tuner/stop")
    #expect(try pointer("pes", ["particles": 5]) == "/tuner/particles")
    #expect(try pointer("es_single", ["horizon": 25]) == "/tuner/horizon")
    #expect(try pointer("hoag", ["particles": 5]) == "/tuner/particles")
  }

  @Test("On a log scale the method works with logarithms and the chain rule")
  func logScale() throws {
    let study = try StudyDefinition(
      "s",
      space: SearchSpace([
        Parameter("a", .float(FloatDomain(1e-3, 1e3, scale: .log)), default: .float(10)),
        Parameter("b", .float(FloatDomain(-1, 1)), default: .float(0.5)),
      ]), objectives: [Objective("loss", .minimise)], tuner: TunerChoice("hypergradient"))
    var tuner = try makeTuner(study)
    // f = ½(ln a − 1)² + ½b²: in natural units ∂f/∂a = (ln a − 1)/a.
    var number = 1
    var last: Parameters = [:]
    while tuner.ending == nil, number < 50 {
      let suggestion = try #require(try tuner.suggest(number..<(number + 1), seed: 1).first)
      last = suggestion.parameters
      let (a, b) = (last["a"]?.number ?? .nan, last["b"]?.number ?? .nan)
      let u = Double.log(a) - 1
      tuner.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
      tuner.observe(
        TrialEvent(
          number,
          .completed(Measurement([:], oracle: OracleAnswer(g: (u * u + b * b) / 2, gradGNorm: 0, z: [u / a, b])))))
      number += 1
    }
    #expect(tuner.ending?.reason == .stationary)
    #expect(abs((last["a"]?.number ?? 0) - 2.718281828) < 1e-4)
    #expect(number < 8)
  }
}

extension Double {
  /// The natural logarithm by its series, which needs no further import.
  fileprivate static func log(_ x: Double) -> Double {
    let exponent = x.exponent
    let m = x.significand
    let t = (m - 1) / (m + 1)
    var (sum, power, k) = (0.0, t, 1.0)
    for _ in 0..<40 {
      sum += power / k
      power *= t * t
      k += 2
    }
    return 2 * sum + Double(exponent) * 0.693147180559945309
  }
}
