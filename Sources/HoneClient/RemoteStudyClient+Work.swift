import TuningAPI
public import TuningModel

extension RemoteStudyClient {
  /// Hands out trials: first the worker's own unfinished ones, then waiting ones, then new ones.
  public func ask(_ study: String, _ request: AskRequest) async throws(StudyError) -> AskAnswer {
    let exchange = Exchange(.ask, APIOperation.ask.path(study), body: request)
    var answer = try await transport.send(exchange, for: AskAnswer.self)
    answer.trials = try await canonical(answer.trials, of: study)
    return answer
  }

  /// Takes an intermediate measurement, which has a step, and says what is to become of the trial.
  public func report(
    _ study: String, _ trial: TrialNumber, _ measurement: Measurement, leaseToken: String
  ) async throws(StudyError) -> Decision {
    let exchange = Exchange(
      .report, APIOperation.report.path(study, "\(trial)"), body: ReportRequest(measurement, leaseToken: leaseToken),
      isRepeatable: true)
    return try await sound(study) { () throws(StudyError) in
      try await canonical(try await transport.send(exchange, for: ReportAnswer.self).decision, of: study)
    }
  }

  /// Takes a trial's final result; telling the same again is harmless.
  public func tell(_ study: String, _ trial: TrialNumber, _ result: TrialResult) async throws(StudyError) -> Trial {
    try await send(Exchange(.tell, APIOperation.tell.path(study, "\(trial)"), body: result), of: study)
  }

  /// Takes several final results, all or none.
  public func tell(_ study: String, _ results: [ToldResult]) async throws(StudyError) -> [Trial] {
    try await list(Exchange(.tellMany, APIOperation.tellMany.path(study), body: TellManyRequest(results)), of: study)
  }

  /// Adds trials: to be tried next, or as finished results from elsewhere.
  public func enqueue(_ study: String, _ trials: [EnqueuedTrial]) async throws(StudyError) -> [Trial] {
    try await list(Exchange(.enqueue, APIOperation.enqueue.path(study), body: EnqueueRequest(trials)), of: study)
  }

  /// Corrects how a finished trial ended.
  public func correct(
    _ study: String, _ trial: TrialNumber, _ outcome: TrialResult.Outcome, revision: Int?
  ) async throws(StudyError) -> Trial {
    let target = APIOperation.correctTrial.path(study, "\(trial)")
    let request = TrialCorrectionRequest(outcome)
    return try await send(Exchange(.correctTrial, target, body: request, revision: revision), of: study)
  }

  /// Takes a trial out of what the study goes by.
  public func exclude(_ study: String, _ trial: TrialNumber, revision: Int?) async throws(StudyError) -> Trial {
    let target = APIOperation.excludeTrial.path(study, "\(trial)")
    return try await send(Exchange(.excludeTrial, target, revision: revision), of: study)
  }

  /// Extends a lease; without `seconds` by its own length.
  public func heartbeat(
    _ study: String, _ trial: TrialNumber, leaseToken: String, seconds: Double?
  ) async throws(StudyError) -> Trial {
    let request = HeartbeatRequest(leaseToken: leaseToken, leaseSeconds: seconds)
    return try await send(
      Exchange(.heartbeat, APIOperation.heartbeat.path(study, "\(trial)"), body: request, isRepeatable: true),
      of: study, over: pulse)
  }

  /// Gives a trial back, to be handed out again.
  ///
  /// It does not count as a retry.
  public func requeue(
    _ study: String, _ trial: TrialNumber, leaseToken: String?, reason: String?
  ) async throws(StudyError) -> Trial {
    let request = RequeueRequest(leaseToken: leaseToken, reason: reason)
    return try await send(
      Exchange(.requeue, APIOperation.requeue.path(study, "\(trial)"), body: request), of: study)
  }
}
