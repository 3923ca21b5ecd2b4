public import TuningModel

/// The trials of a study, handed out one after another; a sequence for one loop.
public struct HeldTrials: AsyncSequence, Sendable {
  let study: OpenStudy
  let parallel: Int
  let limit: Int?
  let worker: String?
  let lease: Duration

  /// Begins to hand out trials.
  public func makeAsyncIterator() -> Iterator {
    Iterator(sequence: self, slots: TrialSlots(Swift.max(1, parallel)), left: limit)
  }

  /// Hands out trials.
  public struct Iterator: AsyncIteratorProtocol {
    let sequence: HeldTrials
    let slots: TrialSlots
    var left: Int?

    /// The next trial; `nil` once the study hands out no more.
    ///
    /// - Throws: `CancellationError`, `StudyError`.
    public mutating func next() async throws -> HeldTrial? {
      if left == 0 { return nil }
      let slot = try await slots.take()
      let held: HeldTrial?
      do { held = try await ask(slot) } catch {
        slots.free(slot)
        throw error
      }
      guard let held else {
        slots.free(slot)
        return nil
      }
      if Task.isCancelled {
        await held.giveBackUncancelled()
        throw CancellationError()
      }
      left = left.map { $0 - 1 }
      return held
    }

    private func ask(_ slot: Int) async throws -> HeldTrial? {
      let study = sequence.study
      let seconds =
        Double(sequence.lease.components.seconds) + Double(sequence.lease.components.attoseconds) * 1e-18
      let request = AskRequest(
        // Each place has a name of its own, or one would be handed what another one holds.
        worker: sequence.worker.map { "\($0)-\(slot + 1)" }, leaseSeconds: seconds)
      while true {
        try Task.checkCancellation()
        // In a task of its own, which is not cancelled: a trial on its way to us would be nobody's.
        let answer = try await Task { try await study.studies.ask(study.name, request) }.value
        if let trial = answer.trials.first {
          let keeper = TrialKeeper(trial, of: study, lease: sequence.lease) { [slots] in slots.free(slot) }
          return HeldTrial(trial, of: study.name, in: study.studies, holding: keeper)
        }
        guard answer.state != .finished, let pause = answer.shortfall.map({ $0.retryAfterSeconds }) ?? 1 else {
          return nil
        }
        try await Task.sleep(for: .seconds(pause))
      }
    }
  }
}

extension HeldTrial {
  /// Gives the trial back although the task is cancelled; where that fails its lease ends in time.
  func giveBackUncancelled() async {
    await Task { _ = try? await giveBack(reason: TrialReason.preempted) }.value
  }
}
