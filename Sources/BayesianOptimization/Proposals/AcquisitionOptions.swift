import TuningModel

/// The options of the tuner `bayesian` about how the next point is chosen.
struct AcquisitionOptions: Sendable {
  /// What chooses the next point.
  enum Kind: String, CaseIterable, Sendable {
    case logExpectedImprovement = "log_ei"
    case expectedImprovement = "ei"
    case probabilityOfImprovement = "pi"
    case confidenceBound = "ucb"
    case epsilonGreedy = "epsilon_greedy"
    case exploit
    case thompson
  }

  let kind: Kind
  let strategy: any ProposalStrategy
  /// Whether every other trial looks further afield once next to nothing is expected of any point.
  let isRestless: Bool
  /// Whether every fourth trial refines the incumbent once there are results enough.
  let isRefining: Bool

  /// Reads a study's options, which the catalog has checked one by one, and refuses those that would have no effect.
  init(_ study: StudyDefinition, _ description: TunerDescription, refusing refuse: (String, String) -> Void) {
    func text(_ option: String) -> String {
      if case .string(let text)? = description.value(of: option, in: study) { text } else { "" }
    }
    func number(_ option: String) -> Double {
      if case .number(let number)? = description.value(of: option, in: study) { number } else { 0 }
    }
    func refuseIfSet(_ option: String, _ reason: String) {
      if study.tuner.options[option] != nil { refuse(jsonPointer("/tuner", option), reason) }
    }
    let kind = Kind(rawValue: text("acquisition")) ?? .logExpectedImprovement
    let schedule = ConfidenceSchedule(rawValue: text("ucb_schedule")) ?? .fixed
    for (option, owner) in Self.owners where owner != kind {
      refuseIfSet(
        option, "Has no effect with the acquisition \(kind.rawValue); it belongs to \(owner.rawValue).")
    }
    if kind == .epsilonGreedy, number("epsilon") == 0 {
      refuseIfSet("explore", "Has no effect with epsilon 0: nothing is explored.")
    }
    if kind == .confidenceBound, schedule != .fixed {
      refuseIfSet("ucb_coefficient", "Has no effect with the schedule \(schedule.rawValue), which computes it.")
    }
    let improves = [.logExpectedImprovement, .expectedImprovement, .probabilityOfImprovement].contains(kind)
    if !improves {
      for option in ["restless", "refine"] {
        refuseIfSet(option, "Has no effect with the acquisition \(kind.rawValue); it belongs to log_ei, ei and pi.")
      }
    }
    if improves, case .fixed = study.noise {
      refuseIfSet("refine", "Has no effect where the noise is known: it hides what is left to refine.")
    }
    if let reason = kind.objection(toPending: text("pending")) { refuseIfSet("pending", reason) }

    let pending = PendingRule(rawValue: text("pending")) ?? kind.pendingRule
    self.kind = kind
    isRefining = improves && description.value(of: "refine", in: study) != .bool(false)
    isRestless = improves && description.value(of: "restless", in: study) != .bool(false)
    strategy =
      switch kind {
      case .logExpectedImprovement:
        AcquisitionProposals(utility: .improvement(LogExpectedImprovement()), pending: pending)
      case .expectedImprovement:
        AcquisitionProposals(utility: .plainImprovement(LogExpectedImprovement()), pending: pending)
      case .probabilityOfImprovement:
        AcquisitionProposals(
          utility: .improvement(LogProbabilityOfImprovement(margin: AcquisitionProposals.probabilityMargin)),
          pending: pending)
      case .confidenceBound:
        AcquisitionProposals(
          utility: .confidenceBound(schedule, fixed: number("ucb_coefficient")), pending: pending)
      case .exploit: AcquisitionProposals(utility: .mean, pending: pending)
      case .epsilonGreedy:
        EpsilonGreedyProposals(
          epsilon: number("epsilon"), exploration: .init(rawValue: text("explore")) ?? .front)
      case .thompson: ThompsonProposals()
      }
  }

  /// Options that serve one acquisition alone.
  private static let owners: [(option: String, kind: Kind)] = [
    ("epsilon", .epsilonGreedy), ("explore", .epsilonGreedy), ("ucb_coefficient", .confidenceBound),
    ("ucb_schedule", .confidenceBound),
  ]
}

extension AcquisitionOptions.Kind {
  /// How unfinished trials count where the user says nothing.
  fileprivate var pendingRule: PendingRule {
    switch self {
    case .logExpectedImprovement, .expectedImprovement, .probabilityOfImprovement: .fantasies
    case .confidenceBound, .epsilonGreedy, .exploit, .thompson: .believer
    }
  }

  /// Why a rule for unfinished trials would have no effect, or `nil` where it has one.
  fileprivate func objection(toPending rule: String) -> String? {
    switch (self, PendingRule(rawValue: rule)) {
    case (.thompson, _): "Has no effect with the acquisition thompson: every trial has a draw of its own."
    case (.confidenceBound, .fantasies), (.epsilonGreedy, .fantasies), (.exploit, .fantasies):
      "Has no effect with the acquisition \(rawValue): averaged over fantasies a mean is what believer makes of it."
    default: nil
    }
  }
}
