import BestResponse
import Bilevel
import Foundation
import NumericalMethods
import TestSupport
import Testing
import TuningModel

@Suite("Self-tuning networks over asks and tells")
struct SelfTuningTunerTests {
  private static func study(
    _ parameters: [Parameter], _ options: [String: JSONValue] = [:]
  ) throws -> StudyDefinition {
    try StudyDefinition(
      "s", space: SearchSpace(parameters), objectives: [Objective("loss", .minimise)],
      tuner: TunerChoice("self_tuning", options: options))
  }

  private static let mixed = [
    Parameter("dropout", .float(FloatDomain(0, 0.9)), default: .float(0.05)),
    Parameter("decay", .float(FloatDomain(1e-6, 1e-1, scale: .log)), default: .float(1e-3)),
    Parameter("noise", .float(FloatDomain(0, 1, step: 0.25, size: 2)), default: .vector([0.25, 1])),
    Parameter("holes", .int(IntDomain(0, 4)), default: .int(2)),
    Parameter("length", .int(IntDomain(1, 1_000, scale: .log)), default: .int(7)),
    Parameter("even", .int(IntDomain(2, 10, step: 2)), default: .int(10)),
    Parameter("policy", .ordinal([.string("weak"), .string("medium"), .string("strong")]), default: .string("weak")),
  ]

  /// The next trial of a tuner, started.
  private static func ask(_ tuner: inout any OracleTuner, _ number: Int) throws -> Suggestion {
    let suggestion = try #require(try tuner.suggest(number..<(number + 1), seed: 1).first)
    tuner.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
    return suggestion
  }

  private static func tell(_ tuner: inout any OracleTuner, _ number: Int, _ answer: OracleAnswer) {
    tuner.observe(TrialEvent(number, .completed(Measurement(["loss": answer.g], oracle: answer))))
  }

  @Test("Weights warm up in parts first, and nothing is asked of their response then")
  func warmUp() throws {
    var tuner = try makeTuner(
      Self.study([Self.mixed[0]], ["warm_up_steps": 25, "warm_up_interval": 10, "train_steps": 3]))
    var turns: [[Int]] = []
    for number in 1...5 {
      let request = try #require(try Self.ask(&tuner, number).request)
      let turn = try #require(request.turn)
      turns.append([turn.trainSteps, turn.validationSteps, request.needs.count, request.warmFrom ?? 0])
      Self.tell(&tuner, number, OracleAnswer(g: 1, z: turn.validationSteps > 0 ? [1] : nil, zSigma: [0]))
    }
    #expect(turns == [[10, 0, 1, 0], [10, 0, 1, 1], [5, 0, 1, 2], [3, 1, 3, 3], [3, 1, 3, 4]])
  }

  @Test("Told gradients move λ and σ as training in process moves them")
  func steps() throws {
    let options: [String: JSONValue] = ["tau": 0.25, "validation_steps": 3, "rate": 0.1, "deviation": 0.7]
    var tuner = try makeTuner(Self.study([Self.mixed[0], Self.mixed[1]], options))
    var expected: PerturbedHyperparameters?
    for number in 1...6 {
      let turn = try #require(try Self.ask(&tuner, number).request?.turn)
      #expect(turn.validationSteps == 3)
      if expected == nil { expected = PerturbedHyperparameters(at: turn.lambdas, deviation: 0.7) }
      #expect(turn.lambdas == expected?.lambda && turn.sigmas == expected?.deviations)
      let (z, zSigma) = ([Double(number), -0.5], [0.3, -Double(number)])
      Self.tell(&tuner, number, OracleAnswer(g: 1, z: z, zSigma: zSigma))
      expected?.step(byLambda: z, byDeviation: zSigma, entropyWeight: 0.75, optimiser: .adam(rate: 0.1))
    }
  }

  @Test("A client that trains by the asks goes through the training in process, to the last bit")
  func remotePath() throws {
    func training() throws -> SelfTuningTraining {
      var random = SplitMix64(seed: 4)
      let inputs = Matrix(
        rows: 3, columns: 60, elements: (0..<180).map { _ in Double.random(in: -1...1, using: &random) })
      let examples = try LabelledExamples(inputs: inputs, labels: (0..<60).map { inputs[0, $0] > 0 ? 1 : 0 })
      var settings = SelfTuningSettings(hyperparameters: [
        TunedHyperparameter("dropout", .interval(low: 0, high: 0.9), start: 0.05),
        TunedHyperparameter("decay", .logInterval(low: 1e-6, high: 1e-1), start: 1e-3),
      ])
      (settings.batch, settings.validationBatch, settings.warmUp) = (10, 10, 5)
      settings.weightDecays = [WeightDecay(layer: 0, rate: .tuned(1))]
      return try SelfTuningTraining(
        input: .vector(3), layers: [.dense(8), .relu, .dropout(.tuned(0)), .dense(2)], settings: settings,
        training: examples, validation: examples)
    }
    var whole = try training()
    while whole.state.validationStep < 12 { try whole.advance() }
    var client = try training()
    var tuner = try makeTuner(
      Self.study([Self.mixed[0], Self.mixed[1]], ["warm_up_steps": 5, "warm_up_interval": 4, "max_steps": 12]))
    var number = 0
    var reached: [Double] = []
    while tuner.ending == nil {
      number += 1
      let turn = try #require(try Self.ask(&tuner, number).request?.turn)
      let response = try client.respond(
        at: turn.lambdas, deviations: turn.sigmas, trainingSteps: turn.trainSteps,
        validationSteps: turn.validationSteps)
      Self.tell(
        &tuner, number,
        OracleAnswer(g: response.loss ?? 1, z: response.byLambda, zSigma: response.byDeviation))
      reached = turn.lambdas
    }
    #expect(number == 14)
    #expect(client.state.parameters == whole.state.parameters)
    #expect(client.state.schedule.entries.map(\.loss) == whole.state.schedule.entries.map(\.loss))
    // The last ask stood where the last but one step of the hyperparameters had led.
    var before = try training()
    while before.state.validationStep < 11 { try before.advance() }
    #expect(reached == before.state.lambda)
  }

  @Test("Wherever λ goes, parameters are values of the study, and the first are the user's own")
  func domains() throws {
    let study = try Self.study(Self.mixed, ["rate": 1_000, "learn_deviation": false, "max_steps": 80])
    var tuner = try makeTuner(study)
    var seen: [String: Set<ParameterValue>] = [:]
    var number = 1
    // First far down, then far up.
    while tuner.ending == nil {
      let parameters = try Self.ask(&tuner, number).parameters
      if number == 1 { #expect(parameters == study.space.defaultPoint) }
      for parameter in study.space.parameters {
        let value = try #require(parameters[parameter.name])
        #expect(parameter.domain.canonical(value) == value, "\(parameter.name) \(value)")
        seen[parameter.name, default: []].insert(value)
      }
      Self.tell(&tuner, number, OracleAnswer(g: 1, z: [Double](repeating: number < 15 ? 1 : -1, count: 8)))
      number += 1
    }
    #expect(seen["holes", default: []].isSuperset(of: [.int(0), .int(4)]))
    #expect(seen["length", default: []].isSuperset(of: [.int(1), .int(1_000)]))
    #expect(seen["policy", default: []].isSuperset(of: [.string("weak"), .string("strong")]))
    #expect(seen["dropout", default: []].isSuperset(of: [.float(0), .float(0.9)]))
  }

  @Test("Levels have equal shares of the unit interval, on a log scale by ratios")
  func levels() throws {
    // A step of rate 1 moves every λ by 1 against its gradient.
    let study = try Self.study(
      [
        Parameter("n", .int(IntDomain(0, 3)), default: .int(1)),
        Parameter("m", .int(IntDomain(1, 7, scale: .log)), default: .int(1)),
      ], ["rate": 1, "learn_deviation": false])
    var tuner = try makeTuner(study)
    let first = try #require(try Self.ask(&tuner, 1).request?.turn)
    // Level 1 of 4 has its middle at 3/8; 1.5 of 1 to 8 on a log scale is ln 1.5/ln 8.
    func logit(_ u: Double) -> Double { log(u / (1 - u)) }
    #expect(abs(first.lambdas[0] - logit(0.375)) < 1e-12)
    #expect(abs(first.lambdas[1] - logit(log(1.5) / log(8))) < 1e-12)
    Self.tell(&tuner, 1, OracleAnswer(g: 1, z: [-1, -1]))
    let second = try Self.ask(&tuner, 2)
    let lambdas = try #require(second.request?.turn?.lambdas)
    #expect(lambdas[0] > first.lambdas[0] + 0.99)
    #expect(second.parameters["n"] == .int(2))
    #expect(second.parameters["m"] == .int(2))
  }

  @Test("What a response cannot follow is refused with a pointer")
  func refusals() throws {
    func pointers(_ study: StudyDefinition) -> [String] {
      do throws(TunerError) {
        _ = try makeTuner(study)
        return []
      } catch {
        guard case .unsupported(let mistakes) = error else { return ["\(error)"] }
        return mistakes.map(\.pointer)
      }
    }
    let parameters = [
      Self.mixed[0], Parameter("b", .bool), Parameter("c", .categorical([.string("a"), .string("b")])),
      Parameter("n", .int(IntDomain(3, 3))), Parameter("w", .float(FloatDomain(-1.5e308, 1.5e308))),
      Parameter("y", .float(FloatDomain(0, 1)), when: Condition("b", isOneOf: [.bool(true)])),
    ]
    #expect(
      pointers(try Self.study(parameters)) == [
        "/parameters/1/type", "/parameters/2/type", "/parameters/3", "/parameters/4", "/parameters/5/when",
      ])
    let study = try StudyDefinition(
      "s",
      space: SearchSpace(
        [Self.mixed[0]], constraints: [LinearConstraint(parsing: "dropout <= 0.8", names: ["dropout"])]),
      objectives: [Objective("accuracy", .maximise)], tuner: TunerChoice("self_tuning"))
    #expect(pointers(study) == ["/parameter_constraints", "/objectives/0/goal"])
    #expect(pointers(try Self.study([Self.mixed[0]], ["train_steps": 0])) == ["/tuner/train_steps"])
  }

  @Test("A failed turn is asked again at the same λ, from the same weights")
  func failure() throws {
    var tuner = try makeTuner(Self.study([Self.mixed[0]]))
    _ = try Self.ask(&tuner, 1)
    Self.tell(&tuner, 1, OracleAnswer(g: 1, z: [1], zSigma: [0]))
    let second = try Self.ask(&tuner, 2)
    tuner.observe(TrialEvent(2, .failed(reason: "NaN")))
    let third = try Self.ask(&tuner, 3)
    #expect(third.request == second.request && third.parameters == second.parameters)
    #expect(third.request?.warmFrom == 1)
    // Nor does a gradient whose square overflows lead anywhere.
    Self.tell(&tuner, 3, OracleAnswer(g: 1, z: [1e300], zSigma: [0]))
    #expect(try Self.ask(&tuner, 4).request == second.request)
  }

  @Test("A client that lost its weights warms new ones up, at the λ that were reached")
  func reset() throws {
    var tuner = try makeTuner(Self.study([Self.mixed[0]], ["warm_up_steps": 6, "train_steps": 2]))
    _ = try Self.ask(&tuner, 1)
    Self.tell(&tuner, 1, OracleAnswer(g: 1))
    _ = try Self.ask(&tuner, 2)
    Self.tell(&tuner, 2, OracleAnswer(g: 1, z: [1], zSigma: [0]))
    let third = try #require(try Self.ask(&tuner, 3).request?.turn)
    Self.tell(&tuner, 3, OracleAnswer(g: 1, z: [5], zSigma: [5], reset: true))
    let fourth = try #require(try Self.ask(&tuner, 4).request?.turn)
    #expect(fourth.lambdas == third.lambdas && fourth.sigmas == third.sigmas)
    #expect(fourth.trainSteps == 4 && fourth.validationSteps == 0)
  }

  @Test("Deviations that are not learned stay, and nothing is asked by them")
  func fixedDeviations() throws {
    var tuner = try makeTuner(Self.study([Self.mixed[0]], ["learn_deviation": false, "deviation": 0.25]))
    for number in 1...3 {
      let request = try #require(try Self.ask(&tuner, number).request)
      #expect(request.needs == [.g, .z] && request.turn?.sigmas == [0.25])
      Self.tell(&tuner, number, OracleAnswer(g: 1, z: [1], zSigma: [7]))
    }
  }

  @Test("It ends after so many steps of the hyperparameters")
  func end() throws {
    var run = try OracleCourseRun(vectorStudy("self_tuning", ["max_steps": 7, "warm_up_steps": 2_500]))
    #expect(try run.finish() == 10)
    #expect(run.tuner.ending?.reason == .budget)
  }

  @Test("On a quadratic problem it comes to the minimum")
  func convergence() throws {
    let problem = QuadraticBilevel()
    var run = try OracleCourseRun(vectorStudy("self_tuning", ["rate": 0.05, "max_steps": 600]))
    try run.ask()
    let start = OracleCourseRun.theta(try #require(run.open.first?.suggestion))
    while try run.ask() != nil { run.tell() }
    let last = try #require(
      run.log.compactMap { if case .started(let suggestion, _, _) = $0.kind { suggestion } else { nil } }.last)
    let reached = OracleCourseRun.theta(last)
    let slope = problem.gradient(reached, at: problem.solution(reached), residual: problem.residual(reached, delta: 0))
    #expect(slope.allSatisfy { abs($0) < 0.01 }, "\(slope)")
    #expect(problem.value(reached) < problem.value(start))
  }
}
