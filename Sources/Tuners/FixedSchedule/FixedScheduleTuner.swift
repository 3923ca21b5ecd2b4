public import TuningModel

/// Trains with parameters that change at given steps: the replay of a schedule that a population has found.
///
/// Trials are parts of a member's training as in `PopulationBasedTuner`, with the same leases, retries and checkpoints; only
/// nobody takes anybody's state. A part that fails ends its member, which could not come to anything else.
public struct FixedScheduleTuner: Tuner {
  /// It has nothing to compute.
  public static let suggestsAhead = false
  /// The schedule says where it begins.
  public static let startsAtDefaultPoint = true

  private let stages: [ParameterSchedule.Stage]
  private let size: Int
  private let interval: Int?
  private let end: Int
  private let space: SearchSpace
  private let objective: Objective
  private var population: Population

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` for several objectives, a stopping rule, or a schedule that is none of the study's space.
  public init(for study: StudyDefinition) throws(TunerError) {
    var mistakes: [InputMistake] = []
    if study.objectives.count != 1 {
      mistakes.append(
        InputMistake(
          pointer: "/objectives", detail: "fixed_schedule judges its states by one objective.", kind: .support))
    }
    if !study.outcomeConstraints.isEmpty {
      mistakes.append(
        InputMistake(
          pointer: "/outcome_constraints",
          detail: "fixed_schedule does not know them; have the program fail where one is violated.", kind: .support))
    }
    if study.stopping != nil {
      mistakes.append(
        InputMistake(
          pointer: "/stopping", detail: "fixed_schedule goes through its schedule to the end.", kind: .support))
    }
    let description = Self.description
    func integer(_ name: String) -> Int? {
      if case .number(let number)? = description.value(of: name, in: study) { Int(exactly: number) } else { nil }
    }
    size = integer("members") ?? 1
    interval = integer("interval")
    space = study.space
    objective = study.objectives[0]
    population = Population(
      size: size, Population.Memory(checkpoints: integer("keep_checkpoints") ?? 1))
    do throws(InvalidInput) {
      stages = try JSONReader.read(
        description.value(of: "schedule", in: study) ?? .null, at: "/tuner/schedule"
      ) { [space] reader in Self.stages(reading: reader, of: space) }
    } catch {
      stages = []
      mistakes += error.mistakes
    }
    end = integer("max_steps") ?? 0
    if end == 0 {
      mistakes.append(InputMistake(pointer: "/tuner/max_steps", detail: "Is missing; a schedule has an end."))
    } else if let last = stages.last, last.step >= end {
      mistakes.append(
        InputMistake(pointer: "/tuner/max_steps", detail: "Must be above \(last.step), where the last stage begins."))
    }
    if !mistakes.isEmpty { throw .unsupported(mistakes) }
  }

  /// Reads stages whose steps rise from 0.
  private static func stages(reading reader: JSONReader, of space: SearchSpace) -> [ParameterSchedule.Stage]? {
    if reader.value == .null {
      reader.refuse("Is missing; GET /v1/studies/{study}/schedule has one.")
      return nil
    }
    var stages: [ParameterSchedule.Stage] = []
    for (index, reader) in (reader.array() ?? []).enumerated() {
      guard let object = reader.object() else { continue }
      let step = object.required("step")?.integer(in: 0...Int.exactRange.upperBound)
      let parameters = object.required("parameters").flatMap { space.values(reading: $0) }
      object.finish()
      guard let step else { continue }
      if index == 0, step != 0 { object.refuse("step", "Must be 0, where training begins.") }
      if let before = stages.last?.step, step <= before {
        object.refuse("step", "Must be above \(before), the one before.")
      }
      stages.append(ParameterSchedule.Stage(step: step, parameters ?? [:]))
    }
    return stages
  }

  /// Takes in an event.
  public mutating func observe(_ event: TrialEvent) { population.observe(event, objective) }

  /// Hands out the next part of the training of the members that are free.
  ///
  /// - Throws: `waiting` while every member that is not done is under way, `finished` when all are done or could not go on.
  public func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    var course = self
    var suggestions: [Suggestion] = []
    for number in numbers {
      do throws(TunerError) {
        let suggestion = try course.next()
        course.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
        suggestions.append(suggestion)
      } catch {
        if suggestions.isEmpty { throw error }
        return suggestions
      }
    }
    return suggestions
  }

  private func next() throws(TunerError) -> Suggestion {
    let members = population.members
    let free = members.indices.filter { !members[$0].isBusy && !members[$0].hasFailed && members[$0].step < end }
    guard let index = free.min(by: { (members[$0].begun, $0) < (members[$1].begun, $1) }) else {
      if members.contains(where: \.isBusy) { throw .waiting("Every member is under way.") }
      let failed = members.filter(\.hasFailed).compactMap { $0.last.map { "\($0.trial)" } }
      if failed.isEmpty { throw .finished("Every member has gone through the schedule.") }
      throw .finished(
        "Trials \(failed.joined(separator: ", ")) gave nothing to go on from; the other members have come to the end.")
    }
    let member = members[index]
    let place = stages.lastIndex { $0.step <= member.step } ?? 0
    let change = stages.indices.contains(place + 1) ? stages[place + 1].step : end
    let stop = min(change, end, member.step + (interval ?? end))
    return Suggestion(
      stages[place].parameters,
      origin: SuggestionOrigin(
        tuner: Self.description.name,
        details: ["move": member.head == nil ? "start" : "continue", "stage": .integer(place)]),
      resume: Resume(
        member: index, generation: member.begun, fromTrial: member.head?.trial, checkpoint: member.head?.checkpoint,
        stepFrom: member.step, stepTo: stop))
  }

  /// The states that members go on from, the last ones of each, and the best of all.
  public var neededCheckpoints: Set<String>? { population.neededCheckpoints }

  /// The state as JSON.
  public var snapshot: JSONValue { population.json }

  /// Takes up a snapshot.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    population = try Population(snapshot, size: size, space: space, population.memory)
  }
}

extension FixedScheduleTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "fixed_schedule",
    summary: """
      Trains members through a given schedule of parameters, part by part as population_based does, without exploiting: \
      the replay of what a population has found, with other seeds or on other data.
      """,
    options: [
      TunerOption(
        "schedule", .schedule, default: .null,
        "From which step on which values of all active parameters hold, the first from 0; has to be given."),
      TunerOption(
        "max_steps", .integer(1...1_000_000_000_000), default: .null,
        "How many steps a member trains in all; has to be given."),
      TunerOption(
        "interval", .integer(1...1_000_000_000), default: .null,
        "How many steps a trial has at most; where left out it goes on to the next stage."),
      TunerOption("members", .integer(1...10_000), default: 1, "How many members go through it, side by side."),
      TunerOption(
        "keep_checkpoints", .integer(1...100), default: 3,
        "How many of each member's last checkpoints are kept at the least."),
    ])
}
