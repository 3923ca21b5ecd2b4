import TuningModel

/// The members of a population as the events so far have made them.
struct Population: Hashable, Sendable {
  var members: [PopulationMember]
  /// The best state of all that were reached.
  var best: PopulationMember.Head?
  /// The member of each member's last trial.
  private(set) var owner: [TrialNumber: Int] = [:]

  init(size: Int) { members = Array(repeating: PopulationMember(), count: size) }

  init(_ members: [PopulationMember], best: PopulationMember.Head?) {
    self.members = members
    self.best = best
    for (index, member) in members.enumerated() { if let last = member.last { owner[last.trial] = index } }
  }

  /// Takes in an event.
  mutating func observe(_ event: TrialEvent, _ settings: PopulationSettings, _ objective: Objective) {
    switch event.kind {
    case .started(let suggestion, _, _): begin(event.trial, suggestion)
    case .completed(let measurement): end(event.trial, measurement, settings, objective)
    case .pruned, .infeasible, .failed: end(event.trial, nil, settings, objective)
    case .reported(let report):
      if let index = owner[event.trial], members[index].isBusy, let checkpoint = report.measurement.checkpoint {
        members[index].reported = checkpoint
      }
      if settings.isLongLived { take(report, of: event.trial, settings, objective) }
    case .corrected(let correction):
      revise(event.trial, correction.state == .completed ? correction.measurement : nil, settings, objective)
    case .excluded: revise(event.trial, nil, settings, objective)
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
    _ trial: TrialNumber, _ measurement: Measurement?, _ settings: PopulationSettings, _ objective: Objective
  ) {
    guard let index = owner[trial], let part = members[index].last else { return }
    members[index].last?.isOpen = false
    members[index].reported = nil
    guard let measurement, let checkpoint = measurement.checkpoint,
      let cost = measurement.metrics[objective.metric].map(objective.cost(of:)), cost.isFinite
    else { return members[index].fail(trial) }
    reach(
      PopulationMember.Head(
        trial: trial, checkpoint: checkpoint, step: measurement.step ?? part.stepTo, cost: cost,
        parameters: members[index].parameters), index, settings)
  }

  private mutating func reach(_ head: PopulationMember.Head, _ index: Int, _ settings: PopulationSettings) {
    members[index].reach(head, keeping: settings.kept)
    if head.cost < best?.cost ?? .infinity { best = head }
  }

  /// Takes in a report of a member that trains in one trial.
  private mutating func take(
    _ report: TrialReport, of trial: TrialNumber, _ settings: PopulationSettings, _ objective: Objective
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
        index, settings)
    }
  }

  private mutating func revise(
    _ trial: TrialNumber, _ measurement: Measurement?, _ settings: PopulationSettings, _ objective: Objective
  ) {
    if let index = owner[trial], members[index].hasFailed, !members[index].isBusy {
      return end(trial, measurement, settings, objective)
    }
    let told = measurement?.metrics[objective.metric].map(objective.cost(of:)) ?? .infinity
    let cost = told.isFinite ? told : .infinity
    for index in members.indices { members[index].revise(trial, to: cost) }
    if let index = owner[trial], cost == .infinity { members[index].fail(trial) }
    if best?.trial == trial { best?.cost = cost }
    for head in members.flatMap(\.kept) where head.cost < best?.cost ?? .infinity { best = head }
    if best?.cost == .infinity { best = nil }
  }
}
