import BestResponse
import Hone

/// Trials of fixed hyperparameters, one after another, until so many steps of weights are spent.
///
/// The first trial is the start that self-tuning has. A trial counts by its least validation loss so far, and every one
/// has the seed of the search for its weights and batches. With `asha` points are random and trials are stopped early.
struct Search {
  let problem: NetworkProblem
  let name: String
  let seed: UInt64
  /// The steps of all trials, of one that is not stopped, and up to the first decision on it.
  let total, longest, first: Int
  let every: Int
  let options: [String: Double]

  /// Runs to the end; answers the line that is kept of it.
  func finished() throws -> [String: JSONValue] {
    let isASHA = name == "asha"
    let study = try StudyDefinition(
      problem.name, space: SearchSpace(problem.parameters), objectives: [Objective("loss", .minimise)],
      tuner: TunerChoice(isASHA ? "random" : name),
      stopping: isASHA
        ? StoppingChoice("asha", options: ["min_resource": .integer(first), "max_resource": .integer(longest)]) : nil)
    var tuner = try TunerCatalog.standard.tuner(for: study)
    var rule = try TunerCatalog.standard.stoppingRule(for: study)
    var (spent, events, number) = (0, 0, 0)
    var best: WatchedTraining.Moment?
    var lengths: [Int] = []
    let start = processorSeconds()
    var suggesting = 0.0
    func observe(_ kind: TrialEvent.Kind) {
      tuner.observe(TrialEvent(number, kind))
      rule?.observe(TrialEvent(number, kind))
      events += 1
    }
    // A trial of full length fits, or with ASHA one up to the first decision.
    while spent + (isASHA ? first : longest) <= total {
      number += 1
      let before = processorSeconds()
      var suggestion = try suggested(number, tuner)
      suggesting += processorSeconds() - before
      suggestion.origin.history = events
      observe(.started(suggestion, worker: nil, attempt: 1))
      let values = problem.parameters.map { suggestion.parameters[$0.name]?.number ?? .nan }
      var trial = try WatchedTraining(
        problem, problem.settings(.fixed, seed: seed, options, start: values), every: every)
      var rung = isASHA ? first : longest
      var isStopped = false
      while !isStopped {
        trial.advance(to: min(rung, total - spent, longest))
        let step = trial.run.state.step
        if trial.diverged != nil || step >= min(longest, total - spent) { break }
        let report = TrialReport(Measurement(["loss": trial.best.validation], step: step), attempt: 1)
        isStopped = rule?.decision(on: report, of: number) == .stop
        observe(.reported(report))
        rung *= 3
      }
      let result = Measurement(["loss": trial.best.validation], step: trial.run.state.step)
      observe(isStopped ? .pruned(reason: "asha", result) : .completed(result))
      spent += trial.run.state.step
      lengths.append(trial.run.state.step)
      if trial.best.validation < best?.validation ?? .infinity { best = trial.best }
    }
    return (best ?? WatchedTraining.Moment()).json.merging([
      "case": .string(problem.name), "way": .string(name), "rows": .integer(problem.training.count),
      "seed": .integer(Int(seed)), "steps": .integer(spent), "trials": .integer(number),
      "longest": .integer(longest), "lengths": .array(lengths.map(JSONValue.integer)),
      "s": .number(processorSeconds() - start), "suggesting_s": .number(suggesting),
    ]) { $1 }
  }

  private func suggested(_ number: Int, _ tuner: any Tuner) throws -> Suggestion {
    if number > 1 {
      guard let suggestion = try tuner.suggest(number..<number + 1, seed: seed).first else {
        throw TunerError.spaceExhausted("Nothing is left.")
      }
      return suggestion
    }
    let values = zip(problem.parameters, problem.hyperparameters).map { parameter, tuned in
      if case .int = parameter.domain { return (parameter.name, ParameterValue.int(Int(tuned.start))) }
      return (parameter.name, .float(tuned.start))
    }
    return Suggestion(Dictionary(uniqueKeysWithValues: values), origin: SuggestionOrigin(tuner: "user"))
  }
}
