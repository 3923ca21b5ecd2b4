import TuningAPI
public import TuningModel

extension RemoteStudyClient {
  /// The values that led to the best trial, step by step; `nil` before there is one.
  public func schedule(_ study: String) async throws(StudyError) -> ParameterSchedule? {
    let answer = try await transport.send(
      Exchange(.getSchedule, APIOperation.getSchedule.path(study)), for: ScheduleAnswer.self)
    guard var schedule = answer.schedule else { return nil }
    for index in schedule.stages.indices {
      schedule.stages[index].parameters = try await canonical(schedule.stages[index].parameters, of: study)
    }
    for index in schedule.lineage.indices {
      schedule.lineage[index].parameters = try await canonical(schedule.lineage[index].parameters, of: study)
    }
    return schedule
  }

  /// The checkpoints that trials left, a page of trials at a time, in the order of their numbers.
  public func checkpoints(_ study: String, _ page: PageRequest) async throws(StudyError) -> Page<KnownCheckpoint> {
    try await transport.send(
      Exchange(.listCheckpoints, APIOperation.listCheckpoints.path(study), query: page.items),
      for: Page<KnownCheckpoint>.self)
  }

  /// Notes that checkpoints were deleted; noting it again is harmless.
  public func noteDeleted(_ study: String, _ checkpoints: [String]) async throws(StudyError) {
    _ = try await transport.send(
      Exchange(
        .noteDeletedCheckpoints, APIOperation.noteDeletedCheckpoints.path(study),
        body: DeletedCheckpoints(checkpoints), isRepeatable: true), for: DeletedCheckpoints.self)
  }
}
