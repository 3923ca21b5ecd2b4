import BayesianOptimization
import TuningModel

/// A study's loop: ask, evaluate, tell.
struct Session {
  private(set) var tuner: BayesianTuner
  private(set) var parameters: [Parameters] = []
  private(set) var origins: [SuggestionOrigin] = []
  private(set) var events: [TrialEvent] = []
  let seed: StudySeed

  init(_ study: StudyDefinition, seed: StudySeed, settings: BayesianTuner.Settings = .init()) throws {
    tuner = try BayesianTuner(for: study, settings: settings)
    self.seed = seed
  }

  var nextNumber: TrialNumber { parameters.count + 1 }

  mutating func observe(_ event: TrialEvent) {
    tuner.observe(event)
    events.append(event)
  }

  /// Asks for trials and starts them.
  @discardableResult
  mutating func ask(_ count: Int = 1) throws -> Range<TrialNumber> {
    let numbers = nextNumber..<nextNumber + count
    let suggestions = try tuner.suggest(numbers, seed: seed)
    for (number, suggestion) in zip(numbers, suggestions) { start(number, suggestion) }
    return numbers
  }

  mutating func start(_ number: TrialNumber, _ suggestion: Suggestion) {
    observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
    parameters.append(suggestion.parameters)
    origins.append(suggestion.origin)
  }

  mutating func tell(_ number: TrialNumber, _ value: Double) {
    observe(TrialEvent(number, .completed(Measurement(["loss": value]))))
  }

  /// Asks for and evaluates trials one by one; the best value.
  mutating func run(_ count: Int, _ value: (Parameters) -> Double) throws -> Double {
    var best = Double.infinity
    for _ in 0..<count {
      let number = try ask().lowerBound
      let result = value(parameters[number - 1])
      tell(number, result)
      best = min(best, result)
    }
    return best
  }
}

/// The best of so many points drawn uniformly from a study's region.
func bestOfRandomPoints(_ problem: TestProblem, count: Int, seed: StudySeed) -> Double {
  let region = FeasibleRegion(UnitCubeEncoding(problem.study.space))
  return (1...count).reduce(Double.infinity) { best, number in
    var random = RandomStream(seed: seed, trial: number)
    return min(best, problem.value(region.encoding.decode(region.sample(using: &random))))
  }
}

extension [Double] {
  /// The middle value of an odd number of values.
  var median: Double { sorted()[count / 2] }
}
