import Hone

/// One study held in memory: a tuner and the log of the events that it has seen.
///
/// What `StudySession` does with a database and leases, without them: numbers are given out one after another, every
/// suggestion is recorded by a `started` event and every result by a second one.
struct OptimizerSession {
  let definition: StudyDefinition
  let seed: StudySeed
  private var tuner: any Tuner
  private var events = 0
  private var next: TrialNumber = 1

  /// A result that came from the other side.
  struct Told {
    var number: TrialNumber?
    var parameters: Parameters?
    var outcome: TrialEvent.Kind
  }

  init(_ definition: StudyDefinition, seed: StudySeed) throws {
    self.definition = definition
    self.seed = seed
    tuner = try TunerCatalog.standard.tuner(for: definition)
  }

  /// The name of the tuner in use, which the study or the catalog chose.
  var tunerName: String { type(of: tuner).description.name }

  /// Asks for so many trials at once.
  mutating func ask(_ count: Int) throws -> [(TrialNumber, Suggestion)] {
    let numbers = next..<(next + count)
    var suggestions = try tuner.suggest(numbers, seed: seed)
    for index in suggestions.indices { suggestions[index].origin.history = events }
    next = numbers.upperBound
    for (number, suggestion) in zip(numbers, suggestions) { observe(number, .started(suggestion, worker: nil, attempt: 1)) }
    return Array(zip(numbers, suggestions))
  }

  /// Takes in a result: of a trial that was asked for, or of a point from outside, which becomes a trial first.
  mutating func tell(_ told: Told) -> TrialNumber {
    let number = told.number ?? next
    if let parameters = told.parameters {
      next += 1
      observe(number, .started(Suggestion(parameters, origin: SuggestionOrigin(tuner: "user")), worker: nil, attempt: 1))
    }
    observe(number, told.outcome)
    return number
  }

  private mutating func observe(_ number: TrialNumber, _ kind: TrialEvent.Kind) {
    tuner.observe(TrialEvent(number, kind))
    events += 1
  }
}
