import TuningModel

/// The members of a population as the events so far have made them.
struct Population: Hashable, Sendable {
  var members: [PopulationMember]
  /// The best state of all that were reached.
  var best: PopulationMember.Head?
  /// The member of each member's last trial.
  private(set) var owner: [TrialNumber: Int] = [:]
  /// What parts of training have brought, the newest last.
  private(set) var gains: [Gain]
  let memory: Memory

  /// What a population remembers, beside its members.
  struct Memory: Hashable, Sendable {
    /// How many checkpoints of each member are kept at the least.
    var checkpoints: Int
    /// How many gains are.
    var gains = 0
    /// Whether a trial is all of a member's training, and its reports count.
    var isLongLived = false
  }

  /// What a part of training has brought.
  struct Gain: Hashable, Sendable {
    var trial: TrialNumber
    /// The trial whose state it went on from.
    var fromTrial: TrialNumber
    var stepFrom, stepTo: Int
    /// What the state was worth that it went on from, and what the one that it left is; +∞ where it left none.
    var before, after: Double
    var parameters: Parameters
  }

  init(size: Int, _ memory: Memory) {
    self.init(Array(repeating: PopulationMember(), count: size), best: nil, gains: [], memory)
  }

  init(_ members: [PopulationMember], best: PopulationMember.Head?, gains: [Gain], _ memory: Memory) {
    self.members = members
    self.best = best
    self.gains = gains
    self.memory = memory
    for (index, member) in members.enumerated() { if let last = member.last { owner[last.trial] = index } }
  }

  /// Takes in an event.
  mutating func observe(_ event: TrialEvent, _ objective: Objective) {
    switch event.kind {
    case .started(let suggestion, _, _): begin(event.trial, suggestion)
    case .completed(let measurement): end(event.trial, measurement, objective)
    case .pruned, .infeasible, .failed: end(event.trial, nil, objective)
    case .reported(let report):
      if let index = owner[event.trial], members[index].isBusy, let checkpoint = report.measurement.checkpoint {
        members[index].reported = checkpoint
      }
      if memory.isLongLived { take(report, of: event.trial, objective) }
    case .corrected(let correction):
      revise(event.trial, correction.state == .completed ? correction.measurement : nil, objective)
    case .excluded: revise(event.trial, nil, objective)
    case .enqueued, .requeued: break
    }
  }

  private mutating func begin(_ trial: TrialNumber, _ suggestion: Suggestion) {
    // A retry is the same part again, and a trial that a user added is of no member.
    guard let resume = suggestion.resume, members.indices.contains(resume.member), owner[trial] == nil else { return }
    if let before = members[resume.member].last { owner[before.trial] = nil }
    owner[trial] = resume.member
    if let from = resume.fromTrial, let checkpoint = resume.checkpoint {
      if members[resume.member].head.map({ $0.trial != from || $0.checkpoint != checkpoint }) ?? true {
        let (head, course) =
          state(from, checkpoint) ?? (
            PopulationMember.Head(
              trial: from, checkpoint: checkpoint, step: resume.stepFrom, cost: .infinity,
              parameters: suggestion.parameters), []
          )
        members[resume.member].take(head, course: course, at: resume.stepFrom)
      }
    } else {
      members[resume.member].head = nil
      members[resume.member].course = []
      members[resume.member].exploitedAt = 0
    }
    members[resume.member].hasFailed = false
    members[resume.member].begun = resume.generation + 1
    members[resume.member].parameters = suggestion.parameters
    members[resume.member].last = PopulationMember.Part(trial: trial, stepTo: resume.stepTo, isOpen: true)
  }

  /// A state that some member has or had lately, with the results that led to it.
  private func state(
    _ trial: TrialNumber, _ checkpoint: String
  ) -> (PopulationMember.Head, [PopulationMember.Head])? {
    for member in members {
      if let head = member.kept.last(where: { $0.trial == trial && $0.checkpoint == checkpoint }) {
        return (head, member.course.filter { $0.step <= head.step })
      }
    }
    for member in members {
      if let head = member.head, head.trial == trial, head.checkpoint == checkpoint { return (head, member.course) }
    }
    return nil
  }

  private mutating func end(
    _ trial: TrialNumber, _ measurement: Measurement?, _ objective: Objective
  ) {
    guard let index = owner[trial], let part = members[index].last else { return }
    members[index].last?.isOpen = false
    members[index].reported = nil
    guard let measurement, let checkpoint = measurement.checkpoint,
      let cost = measurement.metrics[objective.metric].map(objective.cost(of:)), cost.isFinite
    else {
      note(trial, index, stepTo: part.stepTo, .infinity)
      return members[index].fail(trial)
    }
    note(trial, index, stepTo: measurement.step ?? part.stepTo, cost)
    reach(
      PopulationMember.Head(
        trial: trial, checkpoint: checkpoint, step: measurement.step ?? part.stepTo, cost: cost,
        parameters: members[index].parameters), index)
  }

  /// Remembers what a part has brought, where it went on from a state that is worth something.
  private mutating func note(_ trial: TrialNumber, _ index: Int, stepTo: Int, _ cost: Double) {
    guard memory.gains > 0, let start = members[index].head, start.trial != trial, stepTo > start.step else { return }
    gains.removeAll { $0.trial == trial }
    gains.append(
      Gain(
        trial: trial, fromTrial: start.trial, stepFrom: start.step, stepTo: stepTo, before: start.cost, after: cost,
        parameters: members[index].parameters))
    if gains.count > memory.gains { gains.removeFirst(gains.count - memory.gains) }
  }

  private mutating func reach(_ head: PopulationMember.Head, _ index: Int) {
    members[index].reach(head, keeping: memory.checkpoints)
    if head.cost < best?.cost ?? .infinity { best = head }
  }

  /// Takes in a report of a member that trains in one trial.
  private mutating func take(
    _ report: TrialReport, of trial: TrialNumber, _ objective: Objective
  ) {
    guard let index = owner[trial], members[index].isBusy,
      let value = report.measurement.metrics[objective.metric]
    else { return }
    let cost = objective.cost(of: value)
    if case .exploit(let exploit) = report.decision {
      var (head, course) =
        state(exploit.fromTrial, exploit.checkpoint) ?? (
          PopulationMember.Head(
            trial: exploit.fromTrial, checkpoint: exploit.checkpoint, step: report.step, cost: .infinity,
            parameters: exploit.parameters), []
        )
      members[index].score(cost.isFinite ? cost : .infinity, by: trial)
      // Its own clock goes on.
      head.step = report.step
      course = course.filter { $0.step < report.step }
      members[index].take(head, course: course + [head], at: report.step)
      members[index].parameters = exploit.parameters
    } else if !cost.isFinite {
      members[index].fail(trial)
    } else if let checkpoint = report.measurement.checkpoint {
      reach(
        PopulationMember.Head(
          trial: trial, checkpoint: checkpoint, step: report.step, cost: cost, parameters: members[index].parameters),
        index)
    }
  }

  private mutating func revise(
    _ trial: TrialNumber, _ measurement: Measurement?, _ objective: Objective
  ) {
    if let index = owner[trial], members[index].hasFailed, !members[index].isBusy {
      return end(trial, measurement, objective)
    }
    let told = measurement?.metrics[objective.metric].map(objective.cost(of:)) ?? .infinity
    let cost = told.isFinite ? told : .infinity
    for index in members.indices { members[index].revise(trial, to: cost) }
    for index in gains.indices {
      if gains[index].trial == trial { gains[index].after = cost }
      if gains[index].fromTrial == trial { gains[index].before = cost }
    }
    if let index = owner[trial], cost == .infinity { members[index].fail(trial) }
    if best?.trial == trial { best?.cost = cost }
    for head in members.flatMap(\.kept) where head.cost < best?.cost ?? .infinity { best = head }
    if best?.cost == .infinity { best = nil }
  }

  /// The states that members go on from, the last ones of each, and the best of all.
  var neededCheckpoints: Set<String> {
    var needed = Set(members.flatMap(\.kept).map(\.checkpoint))
    for member in members {
      if let head = member.head { needed.insert(head.checkpoint) }
      if let reported = member.reported { needed.insert(reported) }
    }
    if let best { needed.insert(best.checkpoint) }
    return needed
  }
}
