import SocketHTTP
import TuningAPI
import TuningModel

/// Trials: ask, report, tell, heartbeat, requeue, list, read, best; and what may come of others.
struct TrialRoutes: Sendable {
  let studies: any StudyClient
  let readiness: Readiness

  var routes: [Route] {
    [
      Route(.ask, ask), Route(.listTrials, query: TrialsQuery.self, list), Route(.getTrial, read),
      Route(.report, report), Route(.tell, tell), Route(.heartbeat, heartbeat), Route(.requeue, requeue),
      Route(.getBest, best), Route(.predict, predict),
    ]
  }

  @Sendable private func ask(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let wanted = try request.body(AskRequest.self)
    try readiness.check()
    let answer = try await studies.ask(request.study, wanted)
    var response = HTTPResponse.json(answer)
    if answer.trials.isEmpty, let seconds = answer.shortfall?.retryAfterSeconds {
      response.headers["Retry-After"] = "\(seconds)"
    }
    return response
  }

  @Sendable private func report(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let report = try request.body(ReportRequest.self)
    return .json(
      ReportAnswer(
        try await studies.report(
          request.study, try request.trial, report.measurement, leaseToken: report.leaseToken)))
  }

  @Sendable private func tell(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    .json(try await studies.tell(request.study, try request.trial, try request.body(TrialResult.self)))
  }

  @Sendable private func heartbeat(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let sign = try request.body(HeartbeatRequest.self)
    let trial = try await studies.heartbeat(
      request.study, try request.trial, leaseToken: sign.leaseToken, seconds: sign.leaseSeconds)
    return .json(LeasedTrial(trial))
  }

  @Sendable private func requeue(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let wish = try request.body(RequeueRequest.self)
    return .json(
      try await studies.requeue(request.study, try request.trial, leaseToken: wish.leaseToken, reason: wish.reason))
  }

  @Sendable private func list(_ request: RoutedRequest, _ query: TrialsQuery) async throws(StudyError) -> HTTPResponse {
    .json(
      try await studies.trials(
        request.study, state: query.state, withMeasurements: query.withMeasurements, query.page))
  }

  @Sendable private func read(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    .json(try await studies.trial(request.study, try request.trial))
  }

  @Sendable private func best(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    .json(BestAnswer(try await studies.best(request.study)))
  }

  @Sendable private func predict(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let wanted = try request.body(PredictRequest.self)
    return .json(try await studies.predict(request.study, at: wanted.points))
  }
}
