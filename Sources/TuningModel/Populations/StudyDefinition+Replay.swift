extension StudyDefinition {
  /// A study that trains with the parameters that led to this one's best trial, step by step.
  ///
  /// Space and objectives are this study's; of its budget retries and time-outs are kept, since the schedule has its own
  /// end. Parts are at most as long as they were, so that workers leave checkpoints as often.
  /// - Parameters:
  ///   - schedule: what was found.
  ///   - name: the new study's name.
  ///   - members: how many go through it, side by side.
  /// - Throws: `InvalidInput` where the best trial is no part of a training, or the name is none.
  public func replay(
    of schedule: ParameterSchedule, as name: String, members: Int = 1
  ) throws(InvalidInput) -> StudyDefinition {
    guard let steps = schedule.steps, let longest = schedule.lineage.map({ $0.stepTo - $0.stepFrom }).max() else {
      throw InvalidInput([
        InputMistake(
          pointer: "/schedule",
          detail: "Trial \(schedule.trial) stands by itself; it trained with the same parameters from first to last.")
      ])
    }
    return try StudyDefinition(
      name, space: space, objectives: objectives, outcomeConstraints: outcomeConstraints,
      tuner: TunerChoice(
        "fixed_schedule",
        options: [
          "schedule": .array(schedule.stages.map(\.json)), "max_steps": .integer(steps), "interval": .integer(longest),
          "members": .integer(members),
        ]),
      budget: Budget(trialTimeoutSeconds: budget.trialTimeoutSeconds, maxRetries: budget.maxRetries), noise: noise,
      labels: ["replay_of": self.name])
  }
}

extension ParameterSchedule.Stage {
  /// The stage as JSON.
  public var json: JSONValue { ["step": .integer(step), "parameters": parameters.json] }
}

extension StudyClient {
  /// Creates a study that trains with the parameters that led to another's best trial, step by step.
  ///
  /// - Parameters:
  ///   - name: what the new study is called.
  ///   - study: the name of the one whose schedule is gone through.
  ///   - members: how many go through the schedule, side by side.
  /// - Throws: `trial_not_found` before there is a completed trial, `invalid` where the best one is no part of a training.
  public func createReplay(
    of study: String, as name: String, members: Int = 1
  ) async throws(StudyError) -> CreatedStudy {
    let definition = try await self.study(study).study.definition
    guard let schedule = try await schedule(study) else {
      throw StudyError(.trialNotFound, "The study \"\(study)\" has no completed trial yet, so there is no schedule.")
    }
    let replay: StudyDefinition
    do throws(InvalidInput) {
      replay = try definition.replay(of: schedule, as: name, members: members)
    } catch {
      throw StudyError(error)
    }
    return try await create(replay)
  }
}
