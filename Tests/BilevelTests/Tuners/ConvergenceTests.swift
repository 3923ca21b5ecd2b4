import Bilevel
import NumericalMethods
import TestSupport
import Testing
import TuningModel

@Suite("Every method on a quadratic bilevel problem")
struct ConvergenceTests {
  private let problem = QuadraticBilevel()

  private func error(_ theta: [Double]) -> Double {
    zip(theta, problem.minimiser).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  private func lastTheta(_ run: OracleCourseRun) throws -> [Double] {
    let started = run.log.compactMap { event -> Suggestion? in
      if case .started(let suggestion, _, _) = event.kind { suggestion } else { nil }
    }
    return OracleCourseRun.theta(try #require(started.last))
  }

  @Test("L-BFGS on hypergradients comes within 1e-6 in at most 40 gradients")
  func quasiNewton() throws {
    var run = try OracleCourseRun(vectorStudy("hypergradient", constants(problem)))
    let count = try run.finish()
    #expect(count <= 40)
    #expect(error(try lastTheta(run)) < 1e-6)
    #expect(run.tuner.incumbent?.interval.certification == .certified)
    #expect(run.tuner.ending?.reason == .stationary || run.tuner.ending?.reason == .accuracyFloor)
  }

  @Test(
    "HOAG comes within 1e-2 of the least value, by its best answer",
    arguments: ["exponential", "quadratic", "cubic"])
  func hoag(accuracy: String) throws {
    var run = try OracleCourseRun(
      vectorStudy("hoag", constants(problem).merging(["accuracy": .string(accuracy)]) { $1 }))
    try run.finish()
    let incumbent = try #require(run.tuner.incumbent)
    let least = problem.value(problem.minimiser)
    #expect(incumbent.interval.up - least < 1e-2)
    #expect(incumbent.interval.up >= least - 1e-12)
  }

  @Test("HOAG's accuracies follow the sequence")
  func hoagAccuracies() throws {
    var run = try OracleCourseRun(vectorStudy("hoag", ["accuracy": "cubic", "max_steps": 4]))
    try run.finish()
    let eps = run.gradients.compactMap(\.request?.eps)
    #expect(eps.count == 4)
    #expect(eps[0] == 0.1)
    // Steps that were taken back halve what follows.
    for (k, value) in eps.enumerated() { #expect(value <= 0.1 / Double((k + 1) * (k + 1) * (k + 1)) * (1 + 1e-12)) }
  }

  @Test(
    "F2SA comes within 0.1, its bias falling as the multiplier grows",
    arguments: [nil, 0.5] as [Double?])
  func firstOrder(momentum: Double?) throws {
    var options: [String: JSONValue] = [
      "noise": "none", "lambda": 20, "growth": 5, "alpha": 0.01, "gamma": 0.1, "ratio": 60, "inner_steps": 30,
      "max_steps": 3_000,
    ]
    if let momentum { options["momentum"] = .number(momentum) }
    var run = try OracleCourseRun(vectorStudy("f2sa", options))
    try run.finish()
    #expect(run.tuner.ending?.reason == .budget)
    #expect(error(try lastTheta(run)) < 0.1)
  }

  @Test("F2SA's multiplier grows as k^(1/7), and anew after the oracle has lost its copies")
  func multiplier() throws {
    var tuner = try makeTuner(vectorStudy("f2sa", ["lambda": 2, "growth": 1]))
    var lambdas: [Double] = []
    for number in 1...130 {
      let suggestion = try #require(try tuner.suggest(number..<(number + 1), seed: 1).first)
      lambdas.append(try #require(suggestion.request?.penaltySteps?.lambda))
      tuner.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
      let answer = OracleAnswer(g: 1, z: [0, 0, 0], reset: number == 129)
      tuner.observe(TrialEvent(number, .completed(Measurement([:], oracle: answer))))
    }
    #expect(lambdas[0] == 2 && lambdas[1] == 3)
    #expect(abs(lambdas[128] - 4) < 1e-12)
    #expect(lambdas[129] == 2)
  }

  @Test("BDA comes within 0.1 of the minimum through forty unrolled steps that do not mix")
  func mixedSteps() throws {
    var run = try OracleCourseRun(
      vectorStudy("bda", ["mixing": 0, "inner_steps": 40, "rate": 0.03, "max_steps": 1_500]))
    try run.finish()
    #expect(error(try lastTheta(run)) < 0.1)
  }

  /// The least mean loss of an episode, by quasi-Newton steps with differences.
  private func leastEpisodeLoss(_ oracle: QuadraticOracle, steps: Int) -> Double {
    let minimiser = BoundedLBFGS(bounds: BoxBounds(lower: [-10, -10, -10], upper: [10, 10, 10]))
    return minimiser.minimise(from: [1, 1, 1]) { theta, gradient in
      for i in theta.indices {
        var (up, down) = (theta, theta)
        up[i] += 1e-5
        down[i] -= 1e-5
        gradient[i] = (oracle.episodeLoss(up, steps: steps) - oracle.episodeLoss(down, steps: steps)) / 2e-5
      }
      return oracle.episodeLoss(theta, steps: steps)
    }.value
  }

  @Test(
    "Evolution strategies lower the mean loss of an episode by 95 % of what can be", arguments: ["pes", "es_single"])
  func evolution(name: String) throws {
    var run = try OracleCourseRun(
      vectorStudy(
        name,
        [
          "particles": 20, "horizon": 20, "truncation": 5, "sigma": 0.05, "rate": 0.03, "max_steps": 300,
        ]))
    try run.finish()
    #expect(run.tuner.ending?.reason == .budget)
    let oracle = QuadraticOracle()
    let least = leastEpisodeLoss(oracle, steps: 20)
    // The last particles stand around the last point; their mean is near it.
    let thetas = run.log.suffix(40).compactMap { event -> [Double]? in
      if case .started(let suggestion, _, _) = event.kind { OracleCourseRun.theta(suggestion) } else { nil }
    }
    let mean = (0..<3).map { i in thetas.reduce(0) { $0 + $1[i] } / Double(thetas.count) }
    let start = oracle.episodeLoss([1, 1, 1], steps: 20)
    #expect(oracle.episodeLoss(mean, steps: 20) - least < 0.05 * (start - least))
  }
}
