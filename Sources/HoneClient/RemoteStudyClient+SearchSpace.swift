import TuningAPI
import TuningModel

extension RemoteStudyClient {
  /// Sends a request about one trial, and gives the trial of its answer or of its error the values of its study.
  func send(
    _ exchange: Exchange, of study: String, over route: Transport? = nil
  ) async throws(StudyError) -> Trial {
    try await sound(study) { () throws(StudyError) in
      try await canonical(try await (route ?? transport).send(exchange, for: Trial.self), of: study)
    }
  }

  /// Sends a request about several trials, in the same manner.
  func list(_ exchange: Exchange, of study: String) async throws(StudyError) -> [Trial] {
    try await sound(study) { () throws(StudyError) in
      try await canonical(try await transport.send(exchange, for: TrialList.self).trials, of: study)
    }
  }

  /// Does something that may fail with a trial, and gives that trial the values of its study.
  func sound<Answer>(
    _ study: String, _ body: () async throws(StudyError) -> Answer
  ) async throws(StudyError) -> Answer {
    do throws(StudyError) {
      return try await body()
    } catch {
      guard let trial = error.trial else { throw error }
      var error = error
      error.trial = try await canonical(trial, of: study)
      throw error
    }
  }

  /// A trial with its parameters' values in the form that the study's space gives them.
  func canonical(_ trial: Trial, of study: String) async throws(StudyError) -> Trial {
    try await canonical([trial], of: study)[0]
  }

  /// Trials with their parameters' values in the form that the study's space gives them; the space is read once.
  func canonical(_ trials: [Trial], of study: String) async throws(StudyError) -> [Trial] {
    if trials.isEmpty { return [] }
    return try await known(study) { spaces in await spaces.canonical(trials, of: study) }
  }

  /// Parameters with their values in the form that the study's space gives them.
  func canonical(_ parameters: Parameters, of study: String) async throws(StudyError) -> Parameters {
    try await known(study) { spaces in await spaces.canonical(parameters, of: study) }
  }

  /// A decision with its parameters' values in the form that the study's space gives them.
  func canonical(_ decision: Decision, of study: String) async throws(StudyError) -> Decision {
    guard case .exploit = decision else { return decision }
    return try await known(study) { spaces in await spaces.canonical(decision, of: study) }
  }

  /// What the space of a study makes of something; the space is read once more where it makes nothing of it.
  private func known<Answer>(
    _ study: String, _ body: (SearchSpaceCache) async -> Answer?
  ) async throws(StudyError) -> Answer {
    if let known = await body(spaces) { return known }
    _ = try await self.study(study)
    if let known = await body(spaces) { return known }
    throw StudyError(
      .unexpectedAnswer, "The server's answer holds parameters that the study \"\(study)\" does not have.")
  }
}
