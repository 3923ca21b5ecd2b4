import Foundation
import TuningModel

/// A computation of suggestions that waits in the pool or is under way.
///
/// What it starts from may be replaced until a thread takes it up, so that it keeps its place and still knows the newest
/// results.
final class Preparation: @unchecked Sendable {
  /// What is to be computed.
  struct Work: Sendable {
    var run: SuggestionRun
    var count: Int
    /// The ask that it is computed for; `nil` ahead of time.
    var asker: CancellationNote?

    /// What the run comes to.
    var outcome: Result<ReadySuggestions, StudyError> {
      var run = run
      do throws(StudyError) {
        let suggestions = try run.advance(count)
        return .success(ReadySuggestions(run, suggestions))
      } catch {
        return .failure(error)
      }
    }
  }

  let ticket = ComputePool.Ticket()
  private let lock = NSLock()
  private var work: Work?

  init(_ work: Work) { self.work = work }

  /// Lets it compute something else, or nothing, unless it has begun.
  func replace(_ work: Work?) {
    lock.withLock { if !hasBegun { self.work = work } }
  }

  private var hasBegun = false

  /// What it comes to, and for whom it was computed; `nil` where nothing was left to do.
  func compute() -> (outcome: Result<ReadySuggestions, StudyError>, asker: CancellationNote?)? {
    let work = lock.withLock {
      hasBegun = true
      defer { self.work = nil }
      return self.work
    }
    return work.map { ($0.outcome, $0.asker) }
  }
}

/// What suggestions have to be for an ask.
struct SuggestionNeed: Sendable {
  /// How many it needs.
  var count: Int
  /// The last result before the ask arrived; those that came in since need not be known.
  var results: Int
  /// Whether it has waited so long that those of an older model will do.
  var isOverdue: Bool
}

/// An ask that waits for suggestions.
struct AwaitedSuggestions: Sendable {
  /// What it needs.
  var need: SuggestionNeed
  /// Whether its caller has gone; names the ask too.
  let note: CancellationNote
  /// Goes on with the ask.
  let resume: @Sendable (StudyError?) -> Void
}
