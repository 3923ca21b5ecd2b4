public import TuningModel

extension StudyService {
  /// The values that led to the best trial, step by step; `nil` before there is one.
  ///
  /// A trial that stands by itself has one stage. Of a network that tunes itself each turn of the training is a trial.
  /// - Throws: `unsupported` for a study with several objectives.
  public func schedule(_ study: String) async throws(StudyError) -> ParameterSchedule? {
    let stored = try await stored(study)
    _ = try stored.objective
    guard let best = try await store.best(of: stored) else { return nil }
    if best.request?.turn != nil { return ParameterSchedule(of: best, through: try await turns(upTo: best, of: study)) }
    guard best.resume != nil else { return ParameterSchedule(of: best, through: []) }
    return ParameterSchedule(of: best, through: try await lineage(of: best, in: stored))
  }

  /// The checkpoints that trials left, a page of trials at a time, in the order of their numbers.
  ///
  /// - Throws: `unsupported` where the study's tuner goes on from none.
  public func checkpoints(_ study: String, _ page: PageRequest) async throws(StudyError) -> Page<KnownCheckpoint> {
    // What is needed comes last: a trial told in between may have left what is needed from now on.
    let trials = try await trials(study, TrialSelection(withMeasurements: true), page)
    let deleted = try await store.deletedCheckpoints(of: try await stored(study).id)
    let needed = try await session(study) { session throws(StudyError) in try await session.neededCheckpoints() }
    var found: [KnownCheckpoint] = []
    for trial in trials.elements {
      for measurement in trial.measurements + [trial.measurement].compactMap({ $0 }) {
        guard let checkpoint = measurement.checkpoint else { continue }
        let state: KnownCheckpoint.State =
          needed.contains(checkpoint) ? .pinned : deleted.contains(checkpoint) ? .deleted : .collectable
        let step = measurement.step ?? (trial.state == .completed ? trial.resume?.stepTo : nil)
        if found.last?.checkpoint == checkpoint { found.removeLast() }
        found.append(KnownCheckpoint(checkpoint, of: trial.number, step: step, state: state))
      }
    }
    return Page(found, nextToken: trials.nextToken)
  }

  /// Notes that checkpoints were deleted; noting it again is harmless.
  ///
  /// - Throws: `invalid` where one is still wanted; nothing is noted then.
  public func noteDeleted(_ study: String, _ checkpoints: [String]) async throws(StudyError) {
    try await session(study) { session throws(StudyError) in try await session.noteDeleted(checkpoints) }
  }

  /// The turns of a self-tuning network's training up to one, from the one on that its weights began with.
  private func turns(upTo last: Trial, of study: String) async throws(StudyError) -> [ParameterSchedule.Link] {
    var told: [TrialNumber: Trial] = [last.number: last]
    var token: String?
    repeat {
      let page = try await trials(
        study, TrialSelection(states: [.completed]), PageRequest(size: 1_000, token: token))
      for trial in page.elements where trial.number < last.number { told[trial.number] = trial }
      token = page.elements.last.map { $0.number < last.number } ?? false ? page.nextToken : nil
    } while token != nil
    var turns: [Trial] = []
    var next: Trial? = last
    while let trial = next {
      turns.append(trial)
      // A trial goes on from an earlier one; a log that was tampered with might not.
      let source = trial.measurement?.oracle?.reset == true ? nil : trial.request?.warmFrom
      next = source.flatMap { $0 < trial.number ? told[$0] : nil }
    }
    var links: [ParameterSchedule.Link] = []
    var step = 0
    for trial in turns.reversed() {
      let end = step + (trial.request?.turn?.trainSteps ?? 0)
      links.append(
        ParameterSchedule.Link(trial.number, member: nil, stepFrom: step, stepTo: end, trial.parameters))
      step = end
    }
    return links
  }

  /// The trials, or parts of them, that led to the end of one, from the first on.
  private func lineage(of trial: Trial, in study: StoredStudy) async throws(StudyError) -> [ParameterSchedule.Link] {
    var links: [ParameterSchedule.Link] = []
    var trial = trial
    var end = trial.measurement?.step ?? trial.resume?.stepTo ?? 0
    // A trial goes on from what was told before it, so this comes to an end; a log that was tampered with might not.
    var seen: Set<[Int]> = []
    while let resume = trial.resume, seen.insert([trial.number, end]).inserted {
      let reports = try await store.reports(on: trial.number, of: study).filter { $0.attempt == trial.attempt }
      let switches = reports.compactMap { report in
        if case .exploit(let exploit) = report.decision, report.step < end { (report.step, exploit) } else { nil }
      }
      let (start, parameters) = switches.last.map { ($0.0, $0.1.parameters) } ?? (resume.stepFrom, trial.parameters)
      links.append(
        ParameterSchedule.Link(trial.number, member: resume.member, stepFrom: start, stepTo: end, parameters))
      guard let source = switches.last.map({ ($0.1.fromTrial, $0.1.checkpoint) }) ?? resume.source,
        let donor = try await store.trial(source.0, of: study)
      else { break }
      let steps = try await store.reports(on: donor.number, of: study)
        .last { $0.measurement.checkpoint == source.1 }?.step
      end =
        donor.measurement?.checkpoint == source.1
        ? donor.measurement?.step ?? donor.resume?.stepTo ?? 0 : steps ?? start
      trial = donor
    }
    return links.reversed()
  }
}

extension Resume {
  /// What is gone on from.
  fileprivate var source: (TrialNumber, String)? {
    if let fromTrial, let checkpoint { (fromTrial, checkpoint) } else { nil }
  }
}
