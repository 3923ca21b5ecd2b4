import Foundation
import GRDB
import TuningModel

/// The number of all trials by state, kept up to date by the commits rather than counted.
final class TrialCensus: @unchecked Sendable {
  private let lock = NSLock()
  private var counts: [TrialState: Int]?

  /// A trial's state before, where there was one, and after, where it is still there.
  struct Move: Sendable {
    var before: TrialState?
    var after: TrialState?
    var count = 1
  }

  /// Whether it was begun; before, moves need not be found out.
  var isBegun: Bool { lock.withLock { counts != nil } }

  /// The number of trials by state; `nil` before it was begun.
  var current: [TrialState: Int]? { lock.withLock { counts } }

  /// Begins with what was counted.
  func begin(_ counted: [TrialState: Int]) { lock.withLock { counts = counted } }

  /// Takes up what was committed.
  func note(_ moves: [Move]) {
    lock.withLock {
      for move in moves {
        if let before = move.before { counts?[before, default: 0] -= move.count }
        if let after = move.after { counts?[after, default: 0] += move.count }
      }
    }
  }

  /// The states of all trials, from the index by state.
  static func count(in database: Database) throws -> [TrialState: Int] {
    var counts: [TrialState: Int] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT state, count(*) FROM trials GROUP BY state") {
      guard let state = TrialState(rawValue: row[0]) else { throw StudyError.unreadable("a state of trials") }
      counts[state] = row[1]
    }
    return counts
  }

  /// The state of a trial before it is written; `nil` where it is new.
  static func state(_ number: TrialNumber, of study: Int64, in database: Database) throws -> TrialState? {
    let statement = try database.cachedStatement(sql: "SELECT state FROM trials WHERE study = ? AND number = ?")
    return try String.fetchOne(statement, arguments: [study, number]).flatMap(TrialState.init(rawValue:))
  }
}
