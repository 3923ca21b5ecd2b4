/// What a user asks to be tuned: a search space with objectives, and how to go about it.
public struct StudyDefinition: Hashable, Sendable {
  /// The study's name, unique on its server.
  public var name: String
  /// The parameters with their conditions and constraints.
  public var space: SearchSpace
  /// What to optimise; at least one.
  public var objectives: [Objective]
  /// Bounds that a trial's metrics have to keep.
  public var outcomeConstraints: [OutcomeConstraint]
  /// The algorithm.
  public var tuner: TunerChoice
  /// The rule that stops unpromising trials; `nil` for none.
  public var stopping: StoppingChoice?
  /// How much may be spent.
  public var budget: Budget
  /// What is known of the noise.
  public var noise: Noise
  /// The user's own notes by name.
  public var labels: [String: String]

  /// The largest number of objectives.
  public static let mostObjectives = 16
  /// The largest number of outcome constraints.
  public static let mostOutcomeConstraints = 100

  /// Creates a definition in code.
  ///
  /// - Throws: `InvalidInput` when names are no names or metrics clash.
  public init(
    _ name: String, space: SearchSpace, objectives: [Objective], outcomeConstraints: [OutcomeConstraint] = [],
    tuner: TunerChoice = TunerChoice(), stopping: StoppingChoice? = nil, budget: Budget = Budget(),
    noise: Noise = .auto,
    labels: [String: String] = [:]
  ) throws(InvalidInput) {
    self.name = name
    self.space = space
    self.objectives = objectives
    self.outcomeConstraints = outcomeConstraints
    self.tuner = tuner
    self.stopping = stopping
    self.budget = budget
    self.noise = noise
    self.labels = labels
    let mistakes = MistakeList()
    check(noting: mistakes)
    if !mistakes.all.isEmpty { throw InvalidInput(mistakes.all) }
  }

  /// Notes what is wrong with names and metrics; the space was checked when it was created.
  private func check(noting mistakes: MistakeList) {
    func refuse(_ pointer: String, _ detail: String) { mistakes.add(InputMistake(pointer: pointer, detail: detail)) }
    if !Name.isValid(name) { refuse("/name", Name.rule) }
    if objectives.isEmpty { refuse("/objectives", "Needs at least one objective.") }
    if objectives.count > Self.mostObjectives {
      refuse("/objectives", "Has \(objectives.count) objectives; at most \(Self.mostObjectives) are allowed.")
      return
    }
    if outcomeConstraints.count > Self.mostOutcomeConstraints {
      refuse(
        "/outcome_constraints",
        "Has \(outcomeConstraints.count) constraints; at most \(Self.mostOutcomeConstraints) are allowed.")
      return
    }
    for (index, objective) in objectives.enumerated() {
      let pointer = "/objectives/\(index)/metric"
      if !Name.isValid(objective.metric) { refuse(pointer, Name.rule) }
      if objectives[..<index].contains(where: { $0.metric == objective.metric }) {
        refuse(pointer, "\"\(objective.metric)\" is an objective already.")
      }
    }
    for (index, constraint) in outcomeConstraints.enumerated() where !Name.isValid(constraint.metric) {
      refuse("/outcome_constraints/\(index)/metric", Name.rule)
    }
  }

  /// The metrics that a final result must have, sorted.
  public var requiredMetrics: [String] {
    Set(objectives.map(\.metric) + outcomeConstraints.map(\.metric)).sorted()
  }
}

extension StudyDefinition {
  /// Reads a definition, refusing unknown fields.
  ///
  /// - Throws: `InvalidInput` with every mistake and a JSON pointer to each.
  public init(_ json: JSONValue) throws(InvalidInput) {
    self = try JSONReader.read(json) { StudyDefinition(reading: $0) }
  }

  /// Reads a definition; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let name = object.required("name")?.string()
    let space = SearchSpace(reading: object)
    objectives = (object.required("objectives")?.array() ?? []).compactMap(Objective.init(reading:))
    outcomeConstraints = (object.optional("outcome_constraints")?.array() ?? [])
      .compactMap(OutcomeConstraint.init(reading:))
    tuner = object.optional("tuner").flatMap(TunerChoice.init(reading:)) ?? TunerChoice()
    stopping = object.optional("stopping").flatMap(StoppingChoice.init(reading:))
    budget = object.optional("budget").flatMap(Budget.init(reading:)) ?? Budget()
    noise = object.optional("noise").flatMap(Noise.init(reading:)) ?? .auto
    labels = object.optional("labels").flatMap([String: String].init(readingLabels:)) ?? [:]
    object.finish()
    guard let name, let space else { return nil }
    self.name = name
    self.space = space
    // An unreadable objective was reported where it stands.
    if reader.mistakes.all.isEmpty { check(noting: reader.mistakes) }
  }

  /// The definition as JSON; `init(_:)` reads it back to an equal one.
  public var json: JSONValue {
    var fields = space.fields
    fields["name"] = .string(name)
    fields["objectives"] = .array(
      objectives.map { ["metric": .string($0.metric), "goal": .string($0.goal.rawValue)] })
    if !outcomeConstraints.isEmpty { fields["outcome_constraints"] = .array(outcomeConstraints.map(\.json)) }
    fields["tuner"] = tuner.json
    fields["stopping"] = stopping?.json
    fields["budget"] = budget.json
    fields["noise"] = noise.json
    if !labels.isEmpty { fields["labels"] = .object(labels.mapValues(JSONValue.string)) }
    return .object(fields)
  }
}

extension Objective {
  fileprivate init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let metric = object.required("metric")?.string()
    let goalReader = object.required("goal")
    let goal = goalReader?.string().flatMap(Goal.init(rawValue:))
    if goal == nil { goalReader?.refuse("Must be \"minimize\" or \"maximize\".") }
    object.finish()
    guard let metric, let goal else { return nil }
    self.init(metric, goal)
  }
}

extension OutcomeConstraint {
  fileprivate init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let metric = object.required("metric")?.string()
    let atMost = object.optional("at_most").map { $0.number() }
    let atLeast = object.optional("at_least").map { $0.number() }
    object.finish()
    if (atMost == nil) == (atLeast == nil) {
      reader.refuse("Needs one of \"at_most\" and \"at_least\".", .form)
      return nil
    }
    guard let metric, let value = (atMost ?? atLeast) ?? nil else { return nil }
    self.init(metric, atMost == nil ? .atLeast(value) : .atMost(value))
  }

  fileprivate var json: JSONValue {
    switch bound {
    case .atMost(let value): ["metric": .string(metric), "at_most": .number(value)]
    case .atLeast(let value): ["metric": .string(metric), "at_least": .number(value)]
    }
  }
}

extension [String: String] {
  /// Reads labels: at most 64, names as of parameters, values up to 1,024 bytes.
  public init?(readingLabels reader: JSONReader) {
    guard let entries = reader.entries() else { return nil }
    self = [:]
    if entries.count > 64 { reader.refuse("Has \(entries.count) labels; at most 64 are allowed.") }
    for (key, reader) in entries {
      if !Name.isValid(key) { reader.refuse(Name.rule) }
      guard let value = reader.string() else { continue }
      if value.utf8.count > 1_024 { reader.refuse("Is longer than 1024 bytes.") }
      self[key] = value
    }
  }
}
