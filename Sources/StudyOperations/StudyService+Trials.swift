public import TuningModel

extension StudyService: StudyClient {
  /// Hands out trials: first the worker's own unfinished ones, then waiting ones, then new ones.
  public func ask(_ study: String, _ request: AskRequest) async throws(StudyError) -> AskAnswer {
    try request.check()
    return try await session(study) { session throws(StudyError) in try await session.ask(request) }
  }

  /// Takes an intermediate measurement, which has a step, and says what is to become of the trial.
  ///
  /// The lease is renewed as by a heartbeat. Steps increase within an attempt of a trial; reporting the same again is
  /// answered alike.
  /// - Throws: `invalid` with a pointer to every part that is not acceptable, a step that is over included;
  ///   `report_conflict` where the trial has another measurement at that step; `lease_lost`, `trial_state`.
  public func report(
    _ study: String, _ trial: TrialNumber, _ measurement: Measurement, leaseToken: String
  ) async throws(StudyError) -> Decision {
    try await session(study) { session throws(StudyError) in
      try await session.report(trial, measurement, token: leaseToken)
    }
  }

  /// Takes a trial's final result; telling the same again is harmless.
  public func tell(_ study: String, _ trial: TrialNumber, _ result: TrialResult) async throws(StudyError) -> Trial {
    try await session(study) { session throws(StudyError) in try await session.tell(trial, result) }
  }

  /// Extends a lease; without `seconds` by its own length.
  public func heartbeat(
    _ study: String, _ trial: TrialNumber, leaseToken: String, seconds: Double?
  ) async throws(StudyError) -> Trial {
    try await session(study) { session throws(StudyError) in
      try await session.heartbeat(trial, token: leaseToken, seconds: seconds)
    }
  }

  /// Gives a trial back, to be handed out again; it does not count as a retry.
  public func requeue(
    _ study: String, _ trial: TrialNumber, leaseToken: String?, reason: String?
  ) async throws(StudyError) -> Trial {
    try await session(study) { session throws(StudyError) in
      try await session.requeue(trial, token: leaseToken, reason: reason)
    }
  }

  /// The trials of a selection in its order; with their intermediate measurements only where these are asked for.
  ///
  /// A page whose trials have very many measurements or very long reasons ends early.
  public func trials(
    _ study: String, _ selection: TrialSelection, _ page: PageRequest
  ) async throws(StudyError) -> Page<Trial> {
    try page.check()
    let stored = try await stored(study)
    if selection.order.key == .value, stored.study.definition.objectives.count != 1 {
      throw .invalid("/order_by", "The study has several objectives; its trials have no single value to be ordered by.")
    }
    var place: TrialPlace?
    if let token = page.token {
      place = TrialPlace(token: token, in: selection.order)
      if place == nil { throw .invalid("/page_token", "This is no token of a page of this list.") }
    }
    let size = min(page.size, affordablePage(of: stored))
    let found = try await store.trials(of: stored, selection, after: place, limit: size + 1)
    let token = { (trial: Trial) in
      TrialPlace(trial, in: selection.order, of: stored.study.definition).token(in: selection.order)
    }
    var result = Page(found, size: size, token: token)
    Self.limitText(of: &result, token: token)
    if selection.withMeasurements { try await measure(&result, of: stored, token: token) }
    result.elements = await present(result.elements, of: study)
    return result
  }

  /// Ends a page where what was written about its trials is too long: an answer is held in memory until it is taken.
  static func limitText(of page: inout Page<Trial>, token: (Trial) -> String) {
    var room = StudyOperationLimits.textAtOnce
    for (index, trial) in page.elements.enumerated() {
      room -= (trial.reason?.utf8.count ?? 0) + (trial.worker?.utf8.count ?? 0)
      if room < 0 && index > 0 {
        page.elements.removeSubrange(index...)
        page.nextToken = page.elements.last.map(token)
        return
      }
    }
  }

  /// Adds the intermediate measurements of a page's trials; ends the page where they are too many.
  private func measure(
    _ page: inout Page<Trial>, of study: StoredStudy, token: (Trial) -> String
  ) async throws(StudyError) {
    var room = StudyOperationLimits.reportsAtOnce
    for index in page.elements.indices {
      let measurements = TrialReport.course(
        try await store.reports(on: page.elements[index].number, of: study))
      room -= measurements.count
      if room < 0 && index > 0 {
        page.elements.removeSubrange(index...)
        page.nextToken = page.elements.last.map(token)
        return
      }
      page.elements[index].measurements = measurements
    }
  }

  /// One trial, with its intermediate measurements.
  public func trial(_ study: String, _ number: TrialNumber) async throws(StudyError) -> Trial {
    let stored = try await stored(study)
    guard var trial = try await store.trial(number, of: stored) else { throw .noTrial(number, in: study) }
    trial.measurements = TrialReport.course(try await store.reports(on: number, of: stored))
    return await present([trial], of: study)[0]
  }

  /// The completed trial with the best objective among those that keep the outcome constraints and are not excluded; of
  /// equal ones that with the lower number; `nil` before there is one.
  ///
  /// - Throws: `unsupported` for a study with several objectives.
  public func best(_ study: String) async throws(StudyError) -> Trial? {
    let stored = try await stored(study)
    _ = try stored.objective
    return try await store.best(of: stored)
  }

  /// What the tuner's model believes of the objective at these points, in units of the metric.
  ///
  /// - Throws: `unsupported` where the tuner has no model, `no_model_yet` where there are too few results for one,
  ///   `invalid` with a pointer to every value that is not of the study's space.
  public func predict(_ study: String, at points: [Parameters]) async throws(StudyError) -> Predictions {
    try await session(study) { session throws(StudyError) in try await session.predict(points) }
  }

  /// The events after a place in a study's log, at most `limit`, in their order.
  public func events(
    _ study: String, after sequence: Int, limit: Int
  ) async throws(StudyError) -> [RecordedEvent] {
    try await store.events(of: try await stored(study), after: max(0, sequence), limit: min(max(1, limit), 1_000))
  }

  /// Computes the suggestions of trials again, each from the events that it saw, and compares them with what is stored.
  ///
  /// On the same kind of processor and with the same versions they are equal bit for bit. No suggestion is changed.
  /// - Parameters:
  ///   - study: its name.
  ///   - numbers: the trials; all where left out.
  public func replay(
    _ study: String, trials numbers: [TrialNumber]? = nil
  ) async throws(StudyError) -> [TrialReplay] {
    try await session(study) { session throws(StudyError) in try await session.replay(numbers) }
  }

  func stored(_ name: String) async throws(StudyError) -> StoredStudy {
    try await sessions.checkOpen()
    guard let stored = try await store.study(named: name) else { throw .noStudy(name) }
    return stored
  }

  /// How many trials of a study one answer may hold.
  func affordablePage(of stored: StoredStudy) -> Int {
    max(1, StudyOperationLimits.valuesOfPage / max(1, stored.study.definition.space.dimension))
  }

  /// The trials with the ends of their leases by now, and without secrets.
  func present(_ trials: [Trial], of study: String) async -> [Trial] {
    guard trials.contains(where: { $0.lease != nil }) else { return trials }
    let presented = await sessions.present(study)?.present(trials) ?? trials
    return presented.map(\.withoutSecret)
  }
}

extension StoredStudy {
  /// The study's only objective.
  ///
  /// - Throws: `unsupported` where there are several.
  var objective: Objective {
    get throws(StudyError) {
      let objectives = study.definition.objectives
      if objectives.count == 1 { return objectives[0] }
      let metrics = objectives.map(\.metric).joined(separator: ", ")
      throw StudyError(
        .unsupported, "The study \"\(study.name)\" has several objectives (\(metrics)), so no single trial is best.")
    }
  }
}
