/// What follows the logs of studies.
public protocol StudyWatching: Sendable {
  /// Follows a study's log from after an entry on; 0 for its beginning, `nil` for its end.
  ///
  /// - Throws: `study_not_found`.
  func watch(_ study: String, after sequence: Int?) async throws(StudyError) -> any StudyWatch
  /// Ends all watches.
  func endWatches() async
}

/// A study's log being followed by one reader, who asks for the next entries when it is done with those before.
///
/// Nothing is kept for a reader that is slow: what it asks for is read from the store.
public protocol StudyWatch: Sendable {
  /// The place in the log up to which entries were passed on.
  var position: Int { get async }
  /// Waits for what comes next.
  ///
  /// - Throws: what reading the store fails with.
  func next() async throws(StudyError) -> StudyWatchStep
}

/// What comes next in a watch.
public enum StudyWatchStep: Hashable, Sendable {
  /// Entries of the log, in their order.
  case notices([StudyNotice])
  /// Nothing has happened for a while.
  case silence
  /// Nothing will come any more: the study was deleted, the service stops, or the reader has gone.
  case end
}
