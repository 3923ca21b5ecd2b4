public import TuningModel

/// What every tuner must keep to, checked over a short history with results of all sorts.
///
/// The history is made up from the seed: trials are started one by one and in batches, and end completed, infeasible,
/// failed, or are given back and started again.
public struct TunerContract: Sendable {
  /// The study.
  public var study: StudyDefinition
  /// The seed of suggestions and of the history.
  public var seed: StudySeed
  /// The number of trials in the history.
  public var trialCount: Int
  private let make: @Sendable () throws(TunerError) -> any Tuner

  /// Prepares to check the tuner that `make` creates for the study.
  public init(
    _ study: StudyDefinition, seed: StudySeed = 7, trialCount: Int = 24,
    make: @escaping @Sendable () throws(TunerError) -> any Tuner
  ) {
    self.study = study
    self.seed = seed
    self.trialCount = trialCount
    self.make = make
  }

  /// Every rule that the tuner breaks, in words; empty for a sound one.
  public func violations() throws -> [String] {
    var violations: [String] = []
    var tuner = try make()
    var history: [TrialEvent] = []
    var random = RandomStream(seed: seed, trial: 0, purpose: .decision)
    var next = 1
    while next <= trialCount {
      let numbers = next..<(next + Int.random(in: 1...3, using: &random))
      let suggestions = try tuner.suggest(numbers, seed: seed)
      if suggestions.count != numbers.count {
        violations.append("\(numbers) got \(suggestions.count) suggestions")
      }
      if try tuner.suggest(numbers, seed: seed) != suggestions {
        violations.append("suggesting \(numbers) a second time gave something else")
      }
      if try folded(history).suggest(numbers, seed: seed) != suggestions {
        violations.append("the same events gave other suggestions for \(numbers)")
      }
      if let restored = try restored(from: tuner, &violations),
        try restored.suggest(numbers, seed: seed) != suggestions
      {
        violations.append("the snapshot before \(numbers) gave other suggestions than the fold")
      }
      for (number, suggestion) in zip(numbers, suggestions) {
        if (try? study.space.values(suggestion.parameters.json)) != suggestion.parameters {
          violations.append("trial \(number) got parameters that are not of the space: \(suggestion.parameters)")
        }
      }
      if let tuner = tuner as? any ParameterFixing {
        violations += try unfixed(tuner, numbers, to: suggestions[0].parameters)
      }
      for event in events(numbers, suggestions, &random) {
        tuner.observe(event)
        history.append(event)
      }
      next = numbers.upperBound
    }
    if try folded(history).snapshot != tuner.snapshot {
      violations.append("the same events gave another snapshot")
    }
    return violations
  }

  /// What is wrong when one value of a point is fixed, of a parameter that is always active.
  private func unfixed(
    _ tuner: any ParameterFixing, _ numbers: Range<TrialNumber>, to point: Parameters
  ) throws -> [String] {
    guard let parameter = study.space.parameters.last(where: { $0.condition == nil }), let value = point[parameter.name]
    else { return [] }
    let fixed = [parameter.name: value]
    let suggestions = try tuner.suggest(numbers, fixing: fixed, seed: seed)
    var violations: [String] = []
    for (number, suggestion) in zip(numbers, suggestions) {
      if !suggestion.parameters.has(fixed) { violations.append("trial \(number) has not \(fixed)") }
      if (try? study.space.values(suggestion.parameters.json)) != suggestion.parameters {
        violations.append("trial \(number) with \(fixed) is not of the space: \(suggestion.parameters)")
      }
    }
    if try tuner.suggest(numbers, fixing: fixed, seed: seed) != suggestions {
      violations.append("suggesting \(numbers) with \(fixed) a second time gave something else")
    }
    return violations
  }

  /// A fresh tuner after these events.
  private func folded(_ history: [TrialEvent]) throws -> any Tuner {
    var tuner = try make()
    for event in history { tuner.observe(event) }
    return tuner
  }

  /// The tuner after its snapshot has been text.
  private func restored(from tuner: any Tuner, _ violations: inout [String]) throws -> (any Tuner)? {
    var restored = try make()
    do {
      try restored.restore(try JSONValue(text: tuner.snapshot.text))
    } catch {
      violations.append("a snapshot was refused: \(error)")
      return nil
    }
    if restored.snapshot != tuner.snapshot { violations.append("a restored tuner gives another snapshot") }
    return restored
  }

  private func events(
    _ numbers: Range<TrialNumber>, _ suggestions: [Suggestion], _ random: inout RandomStream
  ) -> [TrialEvent] {
    var events = zip(numbers, suggestions).map { number, suggestion in
      TrialEvent(number, .started(suggestion, worker: nil, attempt: 1))
    }
    for (number, suggestion) in zip(numbers, suggestions).reversed() {
      if Bool.random(using: &random) {
        var reported = measurement(&random)
        reported.step = 1
        events.append(TrialEvent(number, .reported(TrialReport(reported, attempt: 1))))
      }
      switch Int.random(in: 0..<13, using: &random) {
      case 0: events.append(TrialEvent(number, .failed(reason: "made up")))
      case 1: events.append(TrialEvent(number, .infeasible(reason: "made up", nil)))
      case 8: events.append(TrialEvent(number, .pruned(reason: TrialReason.stopped, measurement(&random))))
      case 9: events.append(TrialEvent(number, .pruned(reason: TrialReason.user, nil)))
      case 10:
        events.append(TrialEvent(number, .completed(measurement(&random))))
        events.append(TrialEvent(number, .corrected(TrialCorrection(.completed, measurement: measurement(&random)))))
      case 11:
        events.append(TrialEvent(number, .failed(reason: "made up")))
        let correction = TrialCorrection(.pruned, reason: "made up", measurement: measurement(&random))
        events.append(TrialEvent(number, .corrected(correction)))
      case 12:
        events.append(TrialEvent(number, .completed(measurement(&random))))
        events.append(TrialEvent(number, .excluded))
      case 2:
        events.append(TrialEvent(number, .requeued(reason: TrialReason.preempted)))
        events.append(TrialEvent(number, .started(suggestion, worker: "other", attempt: 2)))
        events.append(TrialEvent(number, .completed(measurement(&random))))
      default: events.append(TrialEvent(number, .completed(measurement(&random))))
      }
    }
    return events
  }

  private func measurement(_ random: inout RandomStream) -> Measurement {
    var metrics: [String: Double] = [:]
    for name in study.requiredMetrics { metrics[name] = Double.random(in: -1...1, using: &random) }
    return Measurement(metrics)
  }
}
