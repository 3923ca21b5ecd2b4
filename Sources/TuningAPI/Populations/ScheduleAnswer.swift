public import TuningModel

/// The values that led to a study's best trial.
public struct ScheduleAnswer: WireForm, Hashable {
  /// The schedule; `nil` before there is a trial.
  public var schedule: ParameterSchedule?

  /// Creates an answer.
  public init(_ schedule: ParameterSchedule?) { self.schedule = schedule }

  /// Reads an answer; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let trial = object.optional("trial")?.integer(in: 1...Int.exactRange.upperBound)
    let member = object.optional("member")?.integer(in: 0...Int.exactRange.upperBound)
    let checkpoint = object.optional("checkpoint")?.string()
    let steps = object.optional("steps")?.integer(in: 0...Int.exactRange.upperBound)
    let stages = object.required("schedule")?.array()?.compactMap(ParameterSchedule.Stage.init(reading:))
    let lineage = object.required("lineage")?.array()?.compactMap(ParameterSchedule.Link.init(reading:))
    object.finish()
    guard reader.mistakes.all.count == before, let stages, let lineage else { return nil }
    schedule = trial.map {
      ParameterSchedule(
        trial: $0, member: member, checkpoint: checkpoint, steps: steps, stages: stages, lineage: lineage)
    }
  }

  /// The answer as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "trial": schedule.map { .integer($0.trial) }, "member": schedule?.member.map(JSONValue.integer),
      "checkpoint": schedule?.checkpoint.map(JSONValue.string), "steps": schedule?.steps.map(JSONValue.integer),
      "schedule": .array(schedule?.stages.map(\.json) ?? []), "lineage": .array(schedule?.lineage.map(\.json) ?? []),
    ])
  }
}

extension ParameterSchedule.Stage {
  fileprivate init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let step = object.required("step")?.integer(in: 0...Int.exactRange.upperBound)
    let parameters = object.required("parameters").flatMap(Parameters.init(reading:))
    object.finish()
    guard let step, let parameters else { return nil }
    self.init(step: step, parameters)
  }
}

extension ParameterSchedule.Link {
  fileprivate init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let trial = object.required("trial")?.integer(in: 1...Int.exactRange.upperBound)
    let member = object.optional("member")?.integer(in: 0...Int.exactRange.upperBound)
    let stepFrom = object.required("step_from")?.integer(in: 0...Int.exactRange.upperBound)
    let stepTo = object.required("step_to")?.integer(in: 0...Int.exactRange.upperBound)
    let parameters = object.required("parameters").flatMap(Parameters.init(reading:))
    object.finish()
    guard reader.mistakes.all.count == before, let trial, let stepFrom, let stepTo, let parameters else { return nil }
    self.init(trial, member: member, stepFrom: stepFrom, stepTo: stepTo, parameters)
  }

  fileprivate var json: JSONValue {
    .object(omittingNil: [
      "trial": .integer(trial), "member": member.map(JSONValue.integer), "step_from": .integer(stepFrom),
      "step_to": .integer(stepTo), "parameters": parameters.json,
    ])
  }
}
