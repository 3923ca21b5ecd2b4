import Foundation
import TuningModel

/// Where the programs of a population leave the states that others go on from.
///
/// Each attempt of a trial has a path of its own, so a worker that was given up cannot spoil what another one writes.
struct CheckpointFolder: Sendable {
  private let folder: URL

  /// - Parameters:
  ///   - root: a folder that all workers of the study share, such as one on a network drive.
  init(_ root: String, study: String) {
    folder = URL(fileURLWithPath: root).standardizedFileURL.appendingPathComponent(study)
  }

  /// Where a trial's program is to leave its state: a file or a folder.
  private func output(of trial: Trial) -> String {
    folder.appendingPathComponent("trial-\(trial.number)-\(trial.attempt)").path
  }

  /// Makes the folder, and takes away what an earlier study of the same name has left there.
  func prepare(for trial: Trial) throws {
    guard trial.resume != nil else { return }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    discard(trial)
  }

  /// What a program learns of the part of training that its trial is; nothing for one that stands by itself.
  func environment(of trial: Trial) -> [String: String?] {
    [
      "HONE_CHECKPOINT_IN": trial.resume?.checkpoint,
      "HONE_CHECKPOINT_OUT": trial.resume.map { _ in output(of: trial) },
      "HONE_STEP_FROM": trial.resume.map { "\($0.stepFrom)" }, "HONE_STEP_TO": trial.resume.map { "\($0.stepTo)" },
      "HONE_MEMBER": trial.resume.map { "\($0.member)" },
    ]
  }

  /// The result with the state that the program has left; failed where a completed part has left none.
  func outcome(_ outcome: TrialResult.Outcome, of trial: Trial) -> TrialResult.Outcome {
    guard trial.resume != nil else { return outcome }
    guard case .completed(var measurement) = outcome else {
      discard(trial)
      return outcome
    }
    let path = output(of: trial)
    guard FileManager.default.fileExists(atPath: path) else {
      // One that diverged has nothing to leave, and need not.
      if measurement.metrics.values.contains(where: { !$0.isFinite }) { return outcome }
      return .failed(reason: "exit status 0, but there is nothing at $HONE_CHECKPOINT_OUT, which others go on from")
    }
    measurement.checkpoint = path
    return .completed(measurement)
  }

  /// Whether a state's name is that of one of this study's that lies here.
  func holds(_ checkpoint: String) -> Bool {
    let file = URL(fileURLWithPath: checkpoint).standardizedFileURL
    return file.deletingLastPathComponent().path == folder.path
      && file.lastPathComponent.wholeMatch(of: /trial-[0-9]+-[0-9]+/) != nil
  }

  /// Deletes a state of this study that lies here; answers whether it is gone.
  ///
  /// Nothing else is touched, whatever a study's list says.
  func delete(_ checkpoint: String) -> Bool {
    guard holds(checkpoint) else { return false }
    let file = URL(fileURLWithPath: checkpoint).standardizedFileURL
    try? FileManager.default.removeItem(at: file)
    return !FileManager.default.fileExists(atPath: file.path)
  }

  /// Takes away what a trial has left.
  func discard(_ trial: Trial) {
    if trial.resume != nil { try? FileManager.default.removeItem(atPath: output(of: trial)) }
  }
}
