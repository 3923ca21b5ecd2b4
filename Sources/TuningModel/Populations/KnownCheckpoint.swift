/// A state that a trial left with its worker, and whether it is still wanted.
///
/// The service holds names only: workers keep what they name.
public struct KnownCheckpoint: Hashable, Sendable {
  /// Where workers find it.
  public var checkpoint: String
  /// The trial that left it.
  public var trial: TrialNumber
  /// The steps that it has, where they were told.
  public var step: Int?
  /// Whether it is still wanted.
  public var state: State

  /// Whether a state is still wanted.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// Something may go on from it, or it is the best.
    case pinned
    /// It may be deleted.
    case collectable
    /// Somebody said that it was deleted.
    case deleted
  }

  /// Creates one.
  public init(_ checkpoint: String, of trial: TrialNumber, step: Int?, state: State) {
    self.checkpoint = checkpoint
    self.trial = trial
    self.step = step
    self.state = state
  }
}
