import Bilevel
import TestSupport
import TuningModel

/// A study of a vector `theta` of d numbers in a box, with a tuner's options.
func vectorStudy(
  _ tuner: String, _ options: [String: JSONValue] = [:], dimension: Int = 3, low: Double = -10, high: Double = 10
) throws -> StudyDefinition {
  try StudyDefinition(
    "quadratic",
    space: SearchSpace([
      Parameter(
        "theta", .float(FloatDomain(low, high, size: dimension)),
        default: .vector(Array(repeating: 1, count: dimension)))
    ]), objectives: [Objective("loss", .minimise)], tuner: TunerChoice(tuner, options: options))
}

/// What the constants of a quadratic problem allow to declare.
func constants(_ problem: QuadraticBilevel) -> [String: JSONValue] {
  [
    "L_g": 1, "g_convex": true, "mu": .number(problem.mu), "J_norm": .number(problem.couplingNorm), "L_J": 0,
    "L_Hinv": 0,
  ]
}

/// The tuners of the module by name, through their description's check of options.
func makeTuner(_ study: StudyDefinition) throws(TunerError) -> any OracleTuner {
  let types: [any OracleTuner.Type] = [
    MAIDTuner.self, HOAGTuner.self, F2SATuner.self, BDATuner.self, PESTuner.self, ESSingleTuner.self,
    HypergradientTuner.self, SelfTuningTuner.self,
  ]
  guard let tuner = try TunerCatalog(types).tuner(for: study) as? any OracleTuner else {
    throw .failed("no such tuner")
  }
  return tuner
}

/// A tuner and workers that answer it, with the log of what happened.
struct OracleCourseRun {
  let study: StudyDefinition
  var tuner: any OracleTuner
  var oracle: QuadraticOracle
  var log: [TrialEvent] = []
  /// The trials under way.
  var open: [(number: TrialNumber, suggestion: Suggestion)] = []
  /// The trials that were asked for a gradient, in their order, with what they were asked.
  var gradients: [Suggestion] = []
  var next = 1
  var seed: StudySeed = 5

  init(_ study: StudyDefinition, _ oracle: QuadraticOracle = QuadraticOracle()) throws {
    self.study = study
    self.oracle = oracle
    tuner = try makeTuner(study)
  }

  mutating func observe(_ event: TrialEvent) {
    tuner.observe(event)
    log.append(event)
  }

  /// Asks for up to so many trials; `nil` when the tuner has come to its end.
  @discardableResult
  mutating func ask(_ count: Int = 1) throws -> [TrialNumber]? {
    do throws(TunerError) {
      let suggestions = try tuner.suggest(next..<(next + count), seed: seed)
      for suggestion in suggestions {
        observe(TrialEvent(next, .started(suggestion, worker: nil, attempt: 1)))
        open.append((next, suggestion))
        if suggestion.request?.kind == .hypergradient { gradients.append(suggestion) }
        next += 1
      }
      return Array(next - suggestions.count..<next)
    } catch {
      switch error {
      case .waiting: return []
      case .finished: return nil
      default: throw error
      }
    }
  }

  /// Lets one of the trials under way be answered, or fail.
  mutating func tell(_ index: Int = 0, failing: Bool = false) {
    let (number, suggestion) = open.remove(at: index)
    if !failing, let answer = oracle.answer(suggestion) {
      observe(TrialEvent(number, .completed(Measurement(["loss": answer.g], oracle: answer))))
    } else {
      observe(TrialEvent(number, .failed(reason: "made up")))
    }
  }

  /// Goes on with one worker until the tuner ends.
  ///
  /// - Returns: the trials that it took.
  @discardableResult
  mutating func finish(atMost most: Int = 20_000) throws -> Int {
    while next <= most, try ask() != nil { tell() }
    return next - 1
  }

  /// The point that the last trial was at.
  static func theta(_ suggestion: Suggestion) -> [Double] {
    if case .vector(let values)? = suggestion.parameters["theta"] { values } else { [] }
  }
}
