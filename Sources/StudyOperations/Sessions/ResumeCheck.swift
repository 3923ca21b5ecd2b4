import TuningModel

extension Ending {
  /// Holds what was told of a completed trial against the part of training that it is.
  ///
  /// - Throws: `invalid` where a part of a member's training has no checkpoint to go on from, or a step that is not of it.
  func check(ending trial: Trial) throws(StudyError) {
    guard state == .completed, let measurement else { return }
    try measurement.checkCheckpoint()
    guard let resume = trial.resume else { return }
    try resume.check(step: measurement.step, from: 1)
    if measurement.checkpoint == nil {
      throw .invalid(
        "/checkpoint",
        "Is missing; trial \(trial.number) is a part of the training of member \(resume.member), which goes on from what this one leaves."
      )
    }
  }
}

extension Resume {
  /// - Parameter progress: how far above its first step it may be at the least.
  /// - Throws: `invalid` where a step lies outside this part.
  func check(step: Int?, from progress: Int) throws(StudyError) {
    guard let step, step < stepFrom + progress || step > stepTo else { return }
    throw .invalid(
      "/step", "Must be from \(stepFrom + progress) to \(stepTo), since the trial trains from step \(stepFrom) on.")
  }
}

extension Measurement {
  /// The longest checkpoint, in bytes of UTF-8.
  private static let longestCheckpoint = 4_096

  /// Why the checkpoint is not acceptable; `nil` where it is, or there is none.
  var checkpointObjection: String? {
    guard let checkpoint else { return nil }
    let isPrintable = checkpoint.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    if (1...Self.longestCheckpoint).contains(checkpoint.utf8.count) && isPrintable { return nil }
    return "Must have 1 to \(Self.longestCheckpoint) bytes and no control characters."
  }

  /// - Throws: `invalid` where the checkpoint is not acceptable.
  func checkCheckpoint() throws(StudyError) {
    if let objection = checkpointObjection { throw .invalid("/checkpoint", objection) }
  }
}

extension TrialResult.Outcome {
  /// A completed trial's result with the checkpoint that is known, where it names none.
  func keeping(_ checkpoint: String?) -> TrialResult.Outcome {
    guard case .completed(var measurement) = self, measurement.checkpoint == nil else { return self }
    measurement.checkpoint = checkpoint
    return .completed(measurement)
  }
}
