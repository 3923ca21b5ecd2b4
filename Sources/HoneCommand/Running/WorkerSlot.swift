import TuningModel

/// One of the places of a run where programs are evaluated, one after the other.
struct WorkerSlot: Sendable {
  /// Its name, under which it asks for trials.
  let name: String
  let client: any StudyClient
  let definition: StudyDefinition
  let program: ObjectiveProgram
  let leases: LeaseKeeper
  let allowance: TrialAllowance
  let control: RunControl
  let display: ProgressDisplay
  /// Deletes states that are not wanted any more; `nil` where the user keeps them.
  let sweep: CheckpointSweep?

  /// Asks, evaluates and tells until the run ends.
  func work() async {
    var givenBackInARow = 0
    while !control.ending.isOpen, await allowance.reserve() {
      let outcome = control.ending.isOpen ? .none : await evaluateNext()
      await allowance.settle(finished: outcome == .finished)
      givenBackInARow = outcome == .gaveBack ? givenBackInARow + 1 : 0
      // A program that gives back again and again waits for something; the first retry is free.
      if givenBackInARow > 1 { await control.ending.sleep(.seconds(1 << min(givenBackInARow - 2, 6))) }
    }
    control.end(.allowanceUsed)
  }

  private enum Outcome { case finished, gaveBack, none }

  private func evaluateNext() async -> Outcome {
    guard let trial = await nextTrial() else { return .none }
    display.record(.started)
    let start = ContinuousClock.now
    if trial.state == .stopping {
      // A run before this one was told so and could not tell.
      return await tell(trial, .pruned(reason: nil, nil), after: .zero) ? .finished : .none
    }
    let reporter = reporter(for: trial)
    let (ending, interruption) = await leases.keep(trial, stop: control.interruption, prune: reporter.stop) {
      let ending = await program.evaluate(trial, reporter.take)
      await reporter.finish()
      return ending
    }
    switch TrialVerdict(ending, interruption, required: definition.requiredMetrics) {
    case .tell(let outcome):
      let isTold = await tell(trial, program.checkpoints.outcome(outcome, of: trial), after: start.duration(to: .now))
      if case .notStarted(let detail) = ending.status, interruption == nil {
        control.end(
          .failed(CommandFailure(.failed, "the program of trial \(trial.number) could not be started: \(detail)")))
      }
      if isTold, trial.resume != nil { await sweep?.noteState() }
      return isTold ? .finished : .none
    case .giveBack(let reason):
      program.checkpoints.discard(trial)
      return await giveBack(trial, reason, after: start.duration(to: .now))
    case .abandon:
      program.checkpoints.discard(trial)
      display.record(.lost, "trial \(trial.number) is no longer ours; its program was stopped", matters: true)
      return .none
    }
  }

  /// Reports what the program of a trial measures on its way.
  private func reporter(for trial: Trial) -> StepReporter {
    StepReporter { (measurement) throws(StudyError) in
      try await persistence(whenEnding: .seconds(2), control.interruption).run { () async throws(StudyError) in
        try await client.report(definition.name, trial.number, measurement, leaseToken: trial.lease?.token ?? "")
      }
    } refused: { [display] measurement, error in
      display.say(
        "hone: trial \(trial.number): the measurement at step \(measurement.step ?? 0) was not taken: \(error.message)")
    }
  }

  /// Waits for a trial; `nil` when the run ends first.
  private func nextTrial() async -> Trial? {
    let request = AskRequest(worker: name, leaseSeconds: leases.lease.inSeconds)
    while !control.ending.isOpen {
      do throws(StudyError) {
        let answer = try await persistence(whenEnding: .zero, control.ending).run { () async throws(StudyError) in
          try await client.ask(definition.name, request)
        }
        if let trial = answer.trials.first { return trial }
        switch answer.shortfall {
        case .finished: control.end(.studyFinished)
        case .tunerFinished: control.end(.tunerFinished)
        case .spaceExhausted: control.end(.spaceExhausted)
        case .paused, .budgetReserved, .parallelLimit, .awaitingResults, nil:
          if answer.state == .finished { control.end(.studyFinished) }
          await control.ending.sleep(.seconds(answer.shortfall?.retryAfterSeconds ?? 1))
        }
      } catch {
        control.end(.failed(CommandFailure(error)))
      }
    }
    return nil
  }

  /// Tells how a trial ended, for as long as it takes; answers whether the trial came to its end.
  private func tell(_ trial: Trial, _ outcome: TrialResult.Outcome, after duration: Duration) async -> Bool {
    let result = TrialResult(outcome, leaseToken: trial.lease?.token)
    do throws(StudyError) {
      let told = try await persistence(whenEnding: .seconds(10), control.interruption).run {
        () async throws(StudyError) in try await client.tell(definition.name, trial.number, result)
      }
      guard told.state.isFinal else {
        display.record(.gaveBack, "trial \(trial.number) will be tried again", matters: true)
        return false
      }
      display.record(
        .finished(told), line(told, after: duration), matters: ![.completed, .pruned].contains(told.state))
      return true
    } catch {
      switch (ExitStatus(error.code), outcome) {
      case (.usage, .completed):
        return await tell(trial, .failed(reason: "the result was refused: \(error.message)"), after: duration)
      case _ where error.meansLeaseLost:
        // Only of a lost lease the trial may still be open.
        let remedy = error.code == .leaseLost ? Self.remedy(outcome) : ""
        display.record(
          .lost, "trial \(trial.number): the result was not taken: \(error.message)\(remedy)", matters: true)
      default:
        display.record(.lost)
        let message = "the result of trial \(trial.number) could not be told: \(error.message)\(Self.remedy(outcome))"
        control.end(.failed(CommandFailure(ExitStatus(error.code), message)))
      }
      return false
    }
  }

  private func giveBack(_ trial: Trial, _ reason: String, after duration: Duration) async -> Outcome {
    do throws(StudyError) {
      let told = try await persistence(whenEnding: .seconds(10), control.interruption).run {
        () async throws(StudyError) in
        try await client.requeue(definition.name, trial.number, leaseToken: trial.lease?.token, reason: reason)
      }
      if told.state.isFinal {
        // It was told to stop meanwhile.
        display.record(.finished(told), line(told, after: duration))
        return .finished
      }
      display.record(.gaveBack, "trial \(trial.number) was given back (\(reason))", matters: true)
    } catch {
      let line = "trial \(trial.number) could not be given back: \(error.message); its lease will end by itself"
      display.record(.lost, line, matters: true)
    }
    return .gaveBack
  }

  private func persistence(whenEnding limit: Duration, _ gate: Gate) -> Persistence {
    Persistence(patience: .seconds(300), patienceWhenOpen: limit, gate: gate) { [display] error in
      display.say("hone: \(error.message); trying again")
    }
  }

  private func line(_ trial: Trial, after duration: Duration) -> String {
    var text = "trial \(trial.number) \(trial.state.rawValue)"
    for (metric, value) in (trial.measurement?.metrics ?? [:]).sorted(by: { $0.key < $1.key }) {
      text += " \(metric)=\(NumberText.short(value))"
    }
    text += " (\(NumberText.duration(duration)), \(name))"
    if let reason = trial.reason { text += ": \(reason.onOneLine(atMost: 300))" }
    return text
  }

  /// How the user can tell a result that is known here and nowhere else.
  private static func remedy(_ outcome: TrialResult.Outcome) -> String {
    guard case .completed(let measurement) = outcome else { return "" }
    let metrics = measurement.metrics.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "\nIt was \(metrics.joined(separator: " ")); hone tell takes it later."
  }
}

extension Duration {
  /// The length in seconds.
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
