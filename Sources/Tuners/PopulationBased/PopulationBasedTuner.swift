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
    population = Population(size: settings.size)
  }

  /// Takes in an event.
  public mutating func observe(_ event: TrialEvent) { population.observe(event, settings, objective) }

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
  public var neededCheckpoints: Set<String>? {
    var needed = Set(population.members.flatMap(\.kept).map(\.checkpoint))
    for member in population.members {
      if let head = member.head { needed.insert(head.checkpoint) }
      if let reported = member.reported { needed.insert(reported) }
    }
    if let best = population.best { needed.insert(best.checkpoint) }
    return needed
  }

  /// The state as JSON.
  public var snapshot: JSONValue { population.json }

  /// Takes up a snapshot.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    population = try Population(snapshot, size: settings.size, space: exploration.region.encoding.space)
  }
}

extension PopulationBasedTuner {
  /// What a trial's origin says of how it came about.
  private enum Move: String { case start, `continue`, exploit, restart }

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
      let (parameters, done) = exploration.changed(base, using: &random)
      return suggestion(index, parameters, from: head, .exploit, donor: donor, done)
    }
    if member.hasFailed, let head = member.head {
      let (parameters, done) = exploration.changed(head.parameters, using: &random)
      return suggestion(index, parameters, from: head, .restart, done)
    }
    if let head = member.head { return suggestion(index, member.parameters, from: head, .continue) }
    let space = exploration.region.encoding.space
    if index == 0, member.begun == 0, let point = space.defaultPoint {
      return suggestion(index, point, from: nil, .start)
    }
    let point = exploration.region.encoding.decode(exploration.region.sample(using: &random))
    return suggestion(index, point, from: nil, member.begun == 0 ? .start : .restart)
  }

  private func suggestion(
    _ index: Int, _ parameters: Parameters, from head: PopulationMember.Head?, _ move: Move, donor: Int? = nil,
    _ done: [String: String] = [:]
  ) -> Suggestion {
    let step = head?.step ?? 0
    let end =
      settings.isLongLived ? settings.mostSteps ?? .max : min(step + settings.interval, settings.mostSteps ?? .max)
    let details = JSONValue.object(omittingNil: [
      "move": .string(move.rawValue), "donor": donor.map(JSONValue.integer),
      "changes": done.isEmpty ? nil : .object(done.mapValues(JSONValue.string)),
    ])
    return Suggestion(
      parameters, origin: SuggestionOrigin(tuner: Self.description.name, details: details),
      resume: Resume(
        member: index, generation: population.members[index].begun, fromTrial: head?.trial,
        checkpoint: head?.checkpoint,
        stepFrom: step, stepTo: end))
  }
}
