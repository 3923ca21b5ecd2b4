/// A trial in the hands of the worker that was given it, in a program that works with studies itself.
///
/// ```swift
/// let answer = try await studies.ask("resnet", AskRequest(worker: "me"))
/// for trial in studies.held(answer.trials, of: "resnet") {
///   var network = Network(trial.parameters)
///   for epoch in 1...30 {
///     let loss = network.train()
///     if try await trial.report(step: epoch, ["loss": loss]) == .stop { break }
///   }
///   try await trial.tell(["loss": network.loss])
/// }
/// ```
public struct HeldTrial: Sendable {
  /// The studies, in this process or on a server.
  public let studies: any StudyClient
  /// The name of the study.
  public let study: String
  /// The trial as it was handed out.
  public let trial: Trial
  /// Who keeps its lease alive, and wants to know when it is settled; `nil` where nobody does.
  private let holding: (any TrialHolding)?

  /// Takes a trial in hand.
  ///
  /// - Parameters:
  ///   - trial: as it was handed out.
  ///   - study: the name of its study.
  ///   - studies: where that is.
  ///   - holding: who keeps its lease alive.
  public init(_ trial: Trial, of study: String, in studies: any StudyClient, holding: (any TrialHolding)? = nil) {
    self.trial = trial
    self.study = study
    self.studies = studies
    self.holding = holding
  }

  /// The number of the trial.
  public var number: TrialNumber { trial.number }

  /// The values of all active parameters.
  public var parameters: Parameters { trial.parameters }

  /// The part of a member's training that it is, with the checkpoint to go on from; `nil` where it stands by itself.
  public var resume: Resume? { trial.resume }

  /// Reports an intermediate measurement and renews the lease; the answer says what is to become of the trial.
  ///
  /// Steps increase. A member of a population may have to `exploit`: to go on from that checkpoint with those parameters.
  /// A trial that is to stop is pruned by the next tell, whatever that tells.
  /// - Throws: `StudyClient.report`'s errors; `lease_lost` where the trial was not handed out.
  @discardableResult
  public func report(
    step: Int, _ metrics: [String: Double], standardErrors: [String: Double] = [:], checkpoint: String? = nil
  ) async throws(StudyError) -> Decision {
    guard let token = trial.lease?.token else {
      throw StudyError(.leaseLost, "Trial \(number) was not handed out to this worker.", trial: trial)
    }
    return try await studies.report(
      study, number, Measurement(metrics, step: step, standardErrors: standardErrors, checkpoint: checkpoint),
      leaseToken: token)
  }

  /// Tells the trial's final metrics.
  ///
  /// - Parameters:
  ///   - metrics: the values by metric, in natural units.
  ///   - step: how far the training came, where there are steps.
  ///   - checkpoint: where workers find the state that it ended with; a part of a member's training needs it.
  @discardableResult
  public func tell(
    _ metrics: [String: Double], step: Int? = nil, checkpoint: String? = nil
  ) async throws(StudyError) -> Trial {
    try await tell(.completed(Measurement(metrics, step: step, checkpoint: checkpoint)))
  }

  /// Tells how the trial ended.
  @discardableResult
  public func tell(_ outcome: TrialResult.Outcome) async throws(StudyError) -> Trial {
    let told = try await studies.tell(study, number, TrialResult(outcome, leaseToken: trial.lease?.token))
    holding?.settle()
    return told
  }

  /// Gives the trial back, to be handed out again.
  @discardableResult
  public func giveBack(reason: String? = nil) async throws(StudyError) -> Trial {
    let trial = try await studies.requeue(study, number, leaseToken: trial.lease?.token, reason: reason)
    holding?.settle()
    return trial
  }
}

/// Keeps the lease of a trial alive while somebody works on it.
public protocol TrialHolding: AnyObject, Sendable {
  /// Notes that the trial was told or given back.
  func settle()
}

extension StudyClient {
  /// Takes trials in hand that were handed out.
  public func held(_ trials: [Trial], of study: String) -> [HeldTrial] {
    trials.map { HeldTrial($0, of: study, in: self) }
  }
}
