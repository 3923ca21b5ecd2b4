public import TuningModel

/// Population-based training.
///
/// One member's training over one interval is one trial, so that leases, retries and restarts serve it as they serve every
/// trial. Who goes on from whose state is decided when the next trial is asked for, by the newest results; nobody waits
/// for anybody. With fewer workers than members, the member that has had the fewest trials comes next.
/// - Source: Jaderberg et al. 2017, "Population based training of neural networks".
public struct PopulationBasedTuner: Tuner {
  /// A decision takes no time worth saving, and is to rest on the newest results.
  public static let suggestsAhead = false
  /// The first member begins there.
  public static let startsAtDefaultPoint = true

  private let settings: PopulationSettings
  private let objective: Objective
  private let exploitation: Exploitation
  private let exploration: Exploration
  private(set) var population: Population

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` for several objectives, outcome constraints, a stopping rule, or options that contradict each
  ///   other.
  public init(for study: StudyDefinition) throws(TunerError) {
    var mistakes: [InputMistake] = []
    func refuse(_ pointer: String, _ detail: String) {
      mistakes.append(InputMistake(pointer: pointer, detail: detail, kind: .support))
    }
    if study.objectives.count != 1 { refuse("/objectives", "population_based ranks its members by one objective.") }
    if !study.outcomeConstraints.isEmpty {
      refuse(
        "/outcome_constraints", "population_based does not know them; have the program fail where one is violated.")
    }
    if study.stopping != nil { refuse("/stopping", "population_based replaces members that trail itself.") }
    if !mistakes.isEmpty { throw .unsupported(mistakes) }
    settings = try PopulationSettings(study)
    objective = study.objectives[0]
    exploitation = Exploitation(settings: settings)
    exploration = Exploration(settings: settings, region: FeasibleRegion(UnitCubeEncoding(study.space)))
    population = Population(size: settings.size, settings.memory)
  }

  /// Takes in an event.
  public mutating func observe(_ event: TrialEvent) { population.observe(event, objective) }

  /// Hands out the next part of the training of the members that are free.
  ///
  /// - Throws: `waiting` while every member that is not done is under way, `finished` when all are done.
  public func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    var course = self
    var suggestions: [Suggestion] = []
    for number in numbers {
      do throws(TunerError) {
        let suggestion = try course.next(number, seed)
        course.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
        suggestions.append(suggestion)
      } catch {
        if suggestions.isEmpty { throw error }
        return suggestions
      }
    }
    return suggestions
  }

  /// What is to become of a member that trains in one trial: it may go on from a better one's state.
  public func decision(on report: TrialReport, of trial: TrialNumber, seed: StudySeed) -> Decision {
    guard settings.isLongLived, let index = population.owner[trial], population.members[index].isBusy,
      report.step < population.members[index].last?.stepTo ?? 0
    else { return .continue }
    var seen = self
    seen.observe(TrialEvent(trial, .reported(TrialReport(report.measurement, attempt: report.attempt))))
    let member = seen.population.members[index]
    // Between two checkpoints nothing new is known of it.
    guard member.hasFailed || member.head?.trial == trial && member.step == report.step,
      seen.isReady(member)
    else { return .continue }
    var trialStream = RandomStream(seed: seed, trial: trial, purpose: .decision)
    var random = RandomStream(
      seed: trialStream.next() &+ UInt64(max(0, report.step)), trial: trial, purpose: .perturbation)
    guard let donor = exploitation.donor(for: index, in: seen.population, using: &random),
      let head = seen.population.members[donor].head
    else { return .continue }
    let base = settings.copiesParameters ? head.parameters : member.parameters
    return .exploit(
      Exploit(
        fromTrial: head.trial, checkpoint: head.checkpoint, parameters: exploration.changed(base, using: &random).0))
  }

  /// The states that members go on from, the last ones of each, and the best of all.
  public var neededCheckpoints: Set<String>? { population.neededCheckpoints }

  /// The state as JSON.
  public var snapshot: JSONValue { population.json }

  /// Takes up a snapshot.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    population = try Population(
      snapshot, size: settings.size, space: exploration.region.encoding.space, settings.memory)
  }
}

extension PopulationBasedTuner {
  /// What a trial's origin says of how it came about.
  private enum Move: String { case start, `continue`, exploit, mutate, restart }

  private func isReady(_ member: PopulationMember) -> Bool {
    member.hasFailed
      || member.head != nil && member.step - member.exploitedAt >= settings.interval && member.step >= settings.burnIn
  }

  /// The part of training that comes next.
  private func next(_ number: TrialNumber, _ seed: StudySeed) throws(TunerError) -> Suggestion {
    let members = population.members
    let free = members.indices.filter { index in
      !members[index].isBusy && members[index].step < settings.mostSteps ?? .max
    }
    guard let index = free.min(by: { (members[$0].begun, $0) < (members[$1].begun, $1) }) else {
      if members.contains(where: \.isBusy) { throw .waiting("Every member of the population is under way.") }
      throw .finished("Every member of the population has trained for all its steps.")
    }
    let member = members[index]
    var random = RandomStream(seed: seed, trial: number)
    if member.begun > 0, isReady(member),
      let donor = exploitation.donor(for: index, in: population, using: &random), let head = members[donor].head
    {
      let base = settings.copiesParameters || member.parameters.isEmpty ? head.parameters : member.parameters
      let change = explored(base, from: head, number, seed, using: &random)
      return donor == index
        ? suggestion(index, change, from: head, .mutate) : suggestion(index, change, from: head, .exploit, donor: donor)
    }
    if member.hasFailed, let head = member.head {
      return suggestion(
        index, explored(head.parameters, from: head, number, seed, using: &random), from: head, .restart)
    }
    if let head = member.head { return suggestion(index, Explored(member.parameters), from: head, .continue) }
    let space = exploration.region.encoding.space
    if member.begun == 0, settings.initial.indices.contains(index) {
      return suggestion(index, Explored(settings.initial[index]), from: nil, .start)
    }
    if index == 0, member.begun == 0, let point = space.defaultPoint {
      return suggestion(index, Explored(point), from: nil, .start)
    }
    let point = exploration.region.encoding.decode(exploration.region.sample(using: &random))
    return suggestion(index, Explored(point), from: nil, member.begun == 0 ? .start : .restart)
  }

  /// Parameters to go on with, and how they came about.
  private struct Explored {
    var parameters: Parameters
    /// What was done to each, where they were changed one by one.
    var done: [String: String] = [:]
    /// What a model believed of them, where one chose them.
    var model: JSONValue?

    init(_ parameters: Parameters, done: [String: String] = [:], model: JSONValue? = nil) {
      self.parameters = parameters
      self.done = done
      self.model = model
    }
  }

  /// Changes parameters for what comes after a state: by the model of pb2 where there is enough for one, else one by one.
  private func explored(
    _ base: Parameters, from head: PopulationMember.Head, _ number: TrialNumber, _ seed: StudySeed,
    using random: inout RandomStream
  ) -> Explored {
    if settings.change == .pb2 {
      var fitting = RandomStream(seed: seed, trial: number, purpose: .fitting)
      let bandit = GainBandit(population, region: exploration.region)
      if let choice = bandit.choice(after: head, near: base, fitting: &fitting, using: &random) {
        return Explored(choice.parameters, model: choice.json)
      }
    }
    let (parameters, done) = exploration.changed(base, using: &random)
    return Explored(parameters, done: done)
  }

  private func suggestion(
    _ index: Int, _ change: Explored, from head: PopulationMember.Head?, _ move: Move, donor: Int? = nil
  ) -> Suggestion {
    let step = head?.step ?? 0
    let end =
      settings.isLongLived ? settings.mostSteps ?? .max : min(step + settings.interval, settings.mostSteps ?? .max)
    let details = JSONValue.object(omittingNil: [
      "move": .string(move.rawValue), "donor": donor.map(JSONValue.integer),
      "changes": change.done.isEmpty ? nil : .object(change.done.mapValues(JSONValue.string)), "pb2": change.model,
    ])
    return Suggestion(
      change.parameters, origin: SuggestionOrigin(tuner: Self.description.name, details: details),
      resume: Resume(
        member: index, generation: population.members[index].begun, fromTrial: head?.trial,
        checkpoint: head?.checkpoint,
        stepFrom: step, stepTo: end))
  }
}
