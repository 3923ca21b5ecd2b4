import TuningModel

/// Fails at everything, with errors that a sound engine on a sound disk does not give.
struct FailingStudies: StudyClient, StudyWatching {
  var error: StudyError
  /// Whether it fails at a prediction only once its caller has gone.
  var outwaitsCaller = false

  func watch(_: String, after: Int?) async throws(StudyError) -> any StudyWatch { throw error }
  func endWatches() async {}
  func create(_: StudyDefinition) async throws(StudyError) -> CreatedStudy { throw error }
  func studies(_: PageRequest) async throws(StudyError) -> Page<ListedStudy> { throw error }
  func study(_: String) async throws(StudyError) -> StudySummary { throw error }
  func update(_: String, _: StudyPatch, revision: Int?) async throws(StudyError) -> StudySummary { throw error }
  func delete(_: String, revision: Int?) async throws(StudyError) { throw error }
  func ask(_: String, _: AskRequest) async throws(StudyError) -> AskAnswer { throw error }
  func report(
    _: String, _: TrialNumber, _: Measurement, leaseToken: String
  ) async throws(StudyError) -> Decision { throw error }
  func tell(_: String, _: TrialNumber, _: TrialResult) async throws(StudyError) -> Trial { throw error }
  func heartbeat(_: String, _: TrialNumber, leaseToken: String, seconds: Double?) async throws(StudyError) -> Trial {
    throw error
  }
  func requeue(
    _: String, _: TrialNumber, leaseToken: String?, reason: String?
  ) async throws(StudyError) -> Trial { throw error }
  func tell(_: String, _: [ToldResult]) async throws(StudyError) -> [Trial] { throw error }
  func enqueue(_: String, _: [EnqueuedTrial]) async throws(StudyError) -> [Trial] { throw error }
  func correct(
    _: String, _: TrialNumber, _: TrialResult.Outcome, revision: Int?
  ) async throws(StudyError) -> Trial { throw error }
  func exclude(_: String, _: TrialNumber, revision: Int?) async throws(StudyError) -> Trial { throw error }
  func pareto(_: String, _: PageRequest) async throws(StudyError) -> Page<Trial> { throw error }
  func schedule(_: String) async throws(StudyError) -> ParameterSchedule? { throw error }
  func checkpoints(_: String, _: PageRequest) async throws(StudyError) -> Page<KnownCheckpoint> { throw error }
  func noteDeleted(_: String, _: [String]) async throws(StudyError) { throw error }
  func history(_: String) async throws(StudyError) -> IncumbentHistory { throw error }
  func importance(_: String, _: ImportanceSelection) async throws(StudyError) -> ImportanceReport { throw error }
  func trials(_: String, _: TrialSelection, _: PageRequest) async throws(StudyError) -> Page<Trial> { throw error }
  func trial(_: String, _: TrialNumber) async throws(StudyError) -> Trial { throw error }
  func best(_: String) async throws(StudyError) -> Trial? { throw error }
  func predict(_: String, at points: [Parameters]) async throws(StudyError) -> Predictions {
    while outwaitsCaller && !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
    throw error
  }
}
