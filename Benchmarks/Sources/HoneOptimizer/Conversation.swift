import Foundation
import Hone

/// An optimiser of Hone's for other programs: one JSON object a line in, one a line out.
///
/// The engine works in this process without a database, so that what is timed is the engine.
///
/// ```
/// {"new": {study definition}, "seed": 7}               → {"tuner": "bayesian"}
/// {"ask": 1}                                            → {"trials": [{"number": 1, "parameters": {…}}], "seconds": …}
/// {"tell": {"number": 1, "metrics": {"y": 0.3}}}        → {"told": [1], "seconds": …}; an array of such tells many
/// {"tell": {"parameters": {…}, "metrics": {"y": 0.3}}}  a point from outside: a trial of its own
/// {"reset": true, "seed": 8}                            the same study from its beginning
/// ```
///
/// Instead of metrics a tell may hold `failed` or `infeasible` with a reason. What is refused is answered by
/// `{"error": "…"}` and changes nothing. Every other answer says how much processor time the process has used so far.
struct Conversation {
  private var session: OptimizerSession?

  /// The answer to one line.
  mutating func answer(to line: String) -> JSONValue {
    do {
      guard case .object(var fields) = try answer(try Request(line: line, space: session?.definition.space)) else {
        preconditionFailure("an answer is an object")
      }
      fields["processor_seconds"] = .number(Self.processorSeconds)
      return .object(fields)
    } catch {
      return ["error": .string("\(error)")]
    }
  }

  private mutating func answer(_ request: Request) throws -> JSONValue {
    switch request {
    case .new(let definition, let seed):
      return open(try OptimizerSession(definition, seed: seed))
    case .reset(let seed):
      guard let old = session else { throw NoStudy() }
      return open(try OptimizerSession(old.definition, seed: seed ?? old.seed))
    case .ask(let count):
      guard session != nil else { throw NoStudy() }
      let start = ContinuousClock.now
      let trials = try session?.ask(count) ?? []
      let elapsed = ContinuousClock.now - start
      return ["trials": .array(trials.map(Self.json)), "seconds": .number(elapsed / .seconds(1))]
    case .tell(let results):
      let start = ContinuousClock.now
      let numbers = results.compactMap { session?.tell($0) }
      let elapsed = ContinuousClock.now - start
      return ["told": .array(numbers.map(JSONValue.integer)), "seconds": .number(elapsed / .seconds(1))]
    }
  }

  /// What this process has used so far, which a crowded machine hardly changes.
  private static var processorSeconds: Double {
    var used = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
    return Double(used.tv_sec) + 1e-9 * Double(used.tv_nsec)
  }

  private mutating func open(_ new: OptimizerSession) -> JSONValue {
    session = new
    return ["tuner": .string(new.tunerName)]
  }

  private static func json(_ number: TrialNumber, _ suggestion: Suggestion) -> JSONValue {
    .object(omittingNil: [
      "number": .integer(number), "parameters": suggestion.parameters.json,
      "acquisition": suggestion.origin.acquisition.map(JSONValue.string),
    ])
  }
}

private struct NoStudy: Error, CustomStringConvertible {
  let description = "There is no study yet; send \"new\" first."
}
