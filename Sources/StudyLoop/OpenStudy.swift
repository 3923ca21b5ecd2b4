@_exported public import TuningModel

/// A study that a program works on, in a file of its own or on a server.
///
/// ```swift
/// let study = try await studies.study(definition)
/// try await study.evaluate(parallel: 4) { trial in ["loss": try train(rate: trial.value(rate))] }
/// ```
public struct OpenStudy: Sendable {
  /// The studies, in this process or on a server.
  public let studies: any StudyClient
  /// The study as it was when it was opened.
  public let summary: StudySummary

  /// Takes a study in hand.
  public init(_ summary: StudySummary, in studies: any StudyClient) {
    self.summary = summary
    self.studies = studies
  }

  /// The name.
  public var name: String { summary.study.name }

  /// The completed trial with the best objective; `nil` before there is one.
  public func best() async throws(StudyError) -> Trial? { try await studies.best(name) }

  /// The trials of the study, handed out as they are asked for, until it is finished.
  ///
  /// ```swift
  /// for try await trial in study.trials() {
  ///   for step in 1...30 {
  ///     if try await trial.report(step: step, ["loss": network.train()]) == .stop { break }
  ///   }
  ///   try await trial.tell(["loss": network.loss])
  /// }
  /// ```
  ///
  /// Their leases are renewed in the background. A trial that everybody lets go of without a result, as when its task is
  /// cancelled or an error is thrown, is given back.
  /// - Parameters:
  ///   - parallel: so many are in hand at most; the next one then waits until one is told or given back.
  ///   - limit: at most so many in all.
  ///   - worker: what this worker calls itself; then a program that is started again gets its own unfinished trials first.
  ///   - lease: how long a trial is ours after the last sign of life.
  public func trials(
    parallel: Int = 1, limit: Int? = nil, worker: String? = nil, lease: Duration = .seconds(60)
  ) -> HeldTrials {
    HeldTrials(study: self, parallel: parallel, limit: limit, worker: worker, lease: lease)
  }

  /// Evaluates trials by a function, several at a time, until the study is finished.
  ///
  /// What the function returns is told. Where it throws `TrialPruned` the trial is pruned, where it throws anything else the
  /// trial has failed with that reason, and the others go on. Cancelling the task ends it: trials under way are given back.
  /// - Throws: `CancellationError`; `StudyError` where the studies cannot be reached, or refuse what is told.
  public func evaluate(
    parallel: Int = 1, limit: Int? = nil, worker: String? = nil, lease: Duration = .seconds(60),
    _ objective: @escaping @Sendable (HeldTrial) async throws -> [String: Double]
  ) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      for try await trial in trials(parallel: parallel, limit: limit, worker: worker, lease: lease) {
        group.addTask { try await Self.evaluate(trial, objective) }
      }
    }
  }

  private static func evaluate(
    _ trial: HeldTrial, _ objective: @Sendable (HeldTrial) async throws -> [String: Double]
  ) async throws {
    let outcome: TrialResult.Outcome
    do {
      outcome = .completed(Measurement(try await objective(trial)))
    } catch is TrialPruned {
      outcome = .pruned(reason: nil, nil)
    } catch {
      if Task.isCancelled || error is CancellationError {
        await trial.giveBackUncancelled()
        throw CancellationError()
      }
      outcome = .failed(reason: "\(error)")
    }
    // A result that is there is told although the task was cancelled meanwhile.
    try await Task { _ = try await trial.tell(outcome) }.value
  }
}

/// What an objective throws when its trial was told to stop.
public struct TrialPruned: Error, Hashable, Sendable {
  /// Creates one.
  public init() {}
}

extension StudyClient {
  /// Makes a study, or takes up the one of the same name and definition.
  public func study(_ definition: StudyDefinition) async throws(StudyError) -> OpenStudy {
    OpenStudy(try await create(definition).summary, in: self)
  }

  /// Takes up a study that is there.
  public func openStudy(_ name: String) async throws(StudyError) -> OpenStudy {
    OpenStudy(try await study(name), in: self)
  }
}
