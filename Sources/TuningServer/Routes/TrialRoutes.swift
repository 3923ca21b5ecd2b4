import SocketHTTP
import TuningAPI
import TuningModel

/// Trials: ask, report, tell, enqueue, heartbeat, requeue, correct, exclude, list, read; and what may come of others.
struct TrialRoutes: Sendable {
  let studies: any StudyClient
  let readiness: Readiness

  var routes: [Route] {
    [
      Route(.ask, write: ask), Route(.tellMany, write: tellMany), Route(.enqueue, write: enqueue),
      Route(.listTrials, query: TrialsQuery.self, list), Route(.getTrial, read), Route(.correctTrial, write: correct),
      Route(.excludeTrial, write: exclude), Route(.report, write: report), Route(.tell, write: tell),
      Route(.heartbeat, heartbeat), Route(.requeue, write: requeue), Route(.predict, predict),
    ]
  }

  @Sendable private func ask(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    let wanted = try request.body(AskRequest.self)
    try readiness.check()
    return .asked(try await studies.ask(request.study, wanted))
  }

  @Sendable private func report(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    let report = try request.body(ReportRequest.self)
    return .reported(
      try await studies.report(
        request.study, try request.trial, report.measurement, leaseToken: report.leaseToken))
  }

  @Sendable private func tell(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    .trial(try await studies.tell(request.study, try request.trial, try request.body(TrialResult.self)))
  }

  @Sendable private func tellMany(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    .told(try await studies.tell(request.study, try request.body(TellManyRequest.self).results))
  }

  @Sendable private func enqueue(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    .enqueued(try await studies.enqueue(request.study, try request.body(EnqueueRequest.self).trials))
  }

  @Sendable private func correct(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    let outcome = try request.body(TrialCorrectionRequest.self).outcome
    return .trial(
      try await studies.correct(
        request.study, try request.trial, outcome, revision: try await revision(for: request)))
  }

  @Sendable private func exclude(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    .trial(
      try await studies.exclude(request.study, try request.trial, revision: try await revision(for: request)))
  }

  /// The revision that the trial must still have by `If-Match`; `nil` for any.
  private func revision(for request: RoutedRequest) async throws(StudyError) -> Int? {
    try await request.revision { () throws(StudyError) in
      try await studies.trial(request.study, try request.trial).revision
    }
  }

  @Sendable private func heartbeat(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let sign = try request.body(HeartbeatRequest.self)
    let trial = try await studies.heartbeat(
      request.study, try request.trial, leaseToken: sign.leaseToken, seconds: sign.leaseSeconds)
    return .json(LeasedTrial(trial))
  }

  @Sendable private func requeue(_ request: RoutedRequest) async throws(StudyError) -> StudyAnswer {
    let wish = try request.body(RequeueRequest.self)
    return .trial(
      try await studies.requeue(request.study, try request.trial, leaseToken: wish.leaseToken, reason: wish.reason))
  }

  @Sendable private func list(_ request: RoutedRequest, _ query: TrialsQuery) async throws(StudyError) -> HTTPResponse {
    .json(try await studies.trials(request.study, query.selection, query.page))
  }

  /// A trial that nobody holds need not be sent to who has its revision.
  @Sendable private func read(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let trial = try await studies.trial(request.study, try request.trial)
    // A condition that cannot be read is refused, whether or not it matters.
    let isKnown = try request.has(trial.revision)
    if trial.lease == nil, isKnown {
      return HTTPResponse(.notModified, headers: ["ETag": EntityTag.text(trial.revision)])
    }
    return .trial(trial)
  }

  @Sendable private func predict(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let wanted = try request.body(PredictRequest.self)
    return .json(try await studies.predict(request.study, at: wanted.points))
  }
}
