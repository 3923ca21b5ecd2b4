import Synchronization
import TuningModel

/// Renews the lease of a trial until it is settled, and gives it back when everybody has let go of it before.
final class TrialKeeper: TrialHolding {
  private let trial: Trial
  private let study: OpenStudy
  private let beat: Task<Void, Never>
  private let onEnd: @Sendable () -> Void
  private let isSettled = Mutex(false)

  init(_ trial: Trial, of study: OpenStudy, lease: Duration, onEnd: @escaping @Sendable () -> Void) {
    self.trial = trial
    self.study = study
    self.onEnd = onEnd
    // It must not know this object, which would then never be let go of.
    beat = Task {
      guard let token = trial.lease?.token else { return }
      while true {
        do { try await Task.sleep(for: lease / 3) } catch { return }
        do throws(StudyError) {
          _ = try await study.studies.heartbeat(study.name, trial.number, leaseToken: token, seconds: nil)
        } catch {
          // Who works on it learns so when the result is told.
          if [.leaseLost, .trialState, .trialNotFound, .studyNotFound].contains(error.code) { return }
        }
      }
    }
  }

  func settle() {
    let isFirst = isSettled.withLock { isSettled in
      defer { isSettled = true }
      return !isSettled
    }
    if !isFirst { return }
    beat.cancel()
    onEnd()
  }

  deinit {
    if isSettled.withLock({ $0 }) { return }
    beat.cancel()
    Task { [trial, study, onEnd] in
      _ = try? await study.studies.requeue(
        study.name, trial.number, leaseToken: trial.lease?.token, reason: TrialReason.preempted)
      onEnd()
    }
  }
}
