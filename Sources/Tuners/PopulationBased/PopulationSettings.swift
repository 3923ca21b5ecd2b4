public import TuningModel

/// The options of a population.
struct PopulationSettings: Sendable {
  /// How a member that trails finds a better one.
  enum Rule: String, CaseIterable {
    case truncation, tournament
    case tTest = "t_test"
    case eliteTournament = "elite_tournament"
  }
  /// How parameters that were copied are changed.
  enum Change: String, CaseIterable { case multiply, resample, gaussian, mutate, pb2 }
  /// Which of a member's results it is judged by.
  enum Comparison: String, CaseIterable { case latest, aligned }

  var size: Int
  /// What the first members begin with.
  var initial: [Parameters]
  var interval: Int
  /// `nil` where members train on for ever.
  var mostSteps: Int?
  var burnIn: Int
  var rule: Rule
  var quantile: Double
  var significance: Double
  /// How many members a tournament draws, the one that it is about included.
  var tournamentSize: Int
  var change: Change
  var resampleProbability: Double
  var factors: (down: Double, up: Double)
  var deviation: Double
  /// How many parts of training the model of pb2 goes by.
  var window: Int
  var copiesParameters: Bool
  var comparison: Comparison
  /// How many checkpoints of each member are kept at the least.
  var kept: Int
  /// Whether a trial is all of a member's training, and exploits on the way.
  var isLongLived: Bool

  /// - Throws: `unsupported` with a pointer to every option that contradicts another.
  init(_ study: StudyDefinition) throws(TunerError) {
    let description = PopulationBasedTuner.description
    func value(_ name: String) -> JSONValue? { description.value(of: name, in: study) }
    func number(_ name: String) -> Double { if case .number(let number)? = value(name) { number } else { 0 } }
    func integer(_ name: String) -> Int { Int(exactly: number(name)) ?? 0 }
    func choice<Choice: RawRepresentable<String>>(_ name: String, _ standard: Choice) -> Choice {
      if case .string(let text)? = value(name) { Choice(rawValue: text) ?? standard } else { standard }
    }
    size = integer("population_size")
    var mistakes: [InputMistake] = []
    do throws(InvalidInput) {
      initial = try JSONReader.read(value("initial_points") ?? .array([]), at: "/tuner/initial_points") { reader in
        reader.array()?.compactMap { study.space.values(reading: $0) }
      }
    } catch {
      initial = []
      mistakes += error.mistakes
    }
    if initial.count > size {
      mistakes.append(
        InputMistake(
          pointer: "/tuner/initial_points", detail: "Has \(initial.count) points for a population_size of \(size)."))
    }
    interval = integer("interval")
    mostSteps = value("max_steps") == .null ? nil : integer("max_steps")
    burnIn = integer("burn_in")
    rule = choice("exploit", .truncation)
    tournamentSize =
      value("tournament_size") == .null ? rule == .eliteTournament ? 3 : 2 : integer("tournament_size")
    quantile = number("quantile")
    significance = number("significance")
    change = choice("explore", .multiply)
    resampleProbability = number("resample_probability")
    factors = (number("factor_down"), number("factor_up"))
    deviation = number("deviation")
    window = integer("window")
    copiesParameters = value("copy_parameters") == .bool(true)
    comparison = choice("comparison", .aligned)
    kept = integer("keep_checkpoints")
    isLongLived = value("long_lived") == .bool(true)
    if isLongLived && mostSteps == nil {
      mistakes.append(
        InputMistake(
          pointer: "/tuner/max_steps", detail: "Is missing; a long-lived trial has to know when its training ends."))
    }
    if isLongLived && change == .pb2 {
      mistakes.append(
        InputMistake(
          pointer: "/tuner/explore",
          detail: "Must not be pb2 with long_lived: a report is answered at once, and a model takes its time."))
    }
    if value("tournament_size") != .null && tournamentSize > size {
      mistakes.append(
        InputMistake(
          pointer: "/tuner/tournament_size", detail: "Is above the population_size, which is \(size)."))
    }
    if !mistakes.isEmpty { throw .unsupported(mistakes) }
  }

  /// What the population remembers.
  var memory: Population.Memory {
    Population.Memory(checkpoints: kept, gains: change == .pb2 ? window : 0, isLongLived: isLongLived)
  }
}

extension PopulationBasedTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "population_based",
    summary: """
      Population-based training: members train side by side, those that trail go on from the state of better ones with \
      changed parameters. Finds a schedule of parameters and a trained state; workers keep checkpoints.
      """,
    options: [
      TunerOption("population_size", .integer(1...10_000), default: 10, "How many members train side by side."),
      TunerOption(
        "initial_points", .points, default: [],
        "What the first members begin with; where left out the first begins at the default point, the others anywhere."),
      TunerOption(
        "interval", .integer(1...1_000_000_000), default: 1,
        "How many steps a member trains before it is compared: the length of a trial, in steps of your own."),
      TunerOption(
        "max_steps", .integer(1...1_000_000_000_000), default: .null,
        "How many steps a member trains in all; where left out the study's budget ends it."),
      TunerOption(
        "burn_in", .integer(0...1_000_000_000_000), default: 0, "Before so many steps no member is replaced."),
      TunerOption(
        "exploit", .choice(PopulationSettings.Rule.allCases.map(\.rawValue)), default: "truncation",
        """
        Who goes on from whose state: truncation, the last quantile from one of the first; tournament, from the best of \
        some others if that is better; t_test, from another member if that is significantly better over its last ten \
        results; elite_tournament, all but the best from the best of some drawn, themselves perhaps, always with \
        parameters changed (as SEARL does with explore mutate).
        """),
      TunerOption(
        "tournament_size", .integer(2...10_000), default: .null,
        "How many members a tournament compares; where left out 2, the member and another, and 3 in elite_tournament."),
      TunerOption(
        "quantile", .number(0...0.5), default: 0.25, "The part of the population that truncation replaces."),
      TunerOption("significance", .number(1e-6...0.5), default: 0.05, "The error probability of t_test, on one side."),
      TunerOption(
        "explore", .choice(PopulationSettings.Change.allCases.map(\.rawValue)), default: "multiply",
        """
        How parameters that were copied are changed: multiply by one of the factors, resample from the whole range, \
        add gaussian noise on the parameter's own scale, mutate one of them or none, or let pb2 choose by a model of what \
        parameters have brought so far.
        """),
      TunerOption(
        "resample_probability", .number(0...1), default: 0.25,
        """
        How likely each parameter is drawn anew from its whole range instead; the only change of unordered ones but in \
        mutate. pb2 draws none.
        """),
      TunerOption("factor_down", .number(0.01...0.999), default: 0.8, "The factor of multiply that makes smaller."),
      TunerOption("factor_up", .number(1.001...100), default: 1.2, "The factor of multiply that makes larger."),
      TunerOption(
        "deviation", .number(1e-4...1), default: 0.1,
        "The standard deviation of gaussian, as a part of the range on the parameter's own scale."),
      TunerOption(
        "window", .integer(10...1_000), default: 200,
        "How many parts of training, the last ones, the model of pb2 rests on; it forgets older ones by itself, too."),
      TunerOption(
        "copy_parameters", .flag, default: true,
        "Whether a member that goes on from another's state takes that one's parameters too, or changes its own."),
      TunerOption(
        "comparison", .choice(PopulationSettings.Comparison.allCases.map(\.rawValue)), default: "aligned",
        """
        Whether members are compared by their latest results, as published, or aligned: by those at no more steps than \
        the one judged, so that one which has trained less is not behind for that alone.
        """
      ),
      TunerOption(
        "keep_checkpoints", .integer(1...100), default: 3,
        "How many of each member's last checkpoints are kept at the least."),
      TunerOption(
        "long_lived", .flag, default: false,
        "Whether a trial is all of a member's training and its reports are answered with exploit, for workers that stay."
      ),
    ])
}
