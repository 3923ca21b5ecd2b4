import GRDB
import StudyOperations
package import TuningModel

extension SQLiteStudyStore {
  /// How SQLite finds what the frequent queries ask for; for tests that no list reads a whole table.
  package func queryPlans() async throws(StudyError) -> [String: String] {
    var queries = [
      "best": Self.bestQuery, "never handed out": Self.neverHandedOutQuery, "unfinished": Self.unfinishedQuery,
      "leases": Self.leaseQuery, "events": Self.eventQuery, "reports": Self.reportQuery,
      "counts": "SELECT state, count(*) FROM trials WHERE study = ? GROUP BY state",
    ]
    for order in TrialOrder.all {
      for states in [[], [TrialState.failed], [.failed, .completed]] {
        for worker in [nil, "w"] {
          let selection = TrialSelection(states: states, worker: worker, order: order)
          let place = TrialPlace(number: 1, key: order.key == .number ? nil : 1)
          let filter = states.map(\.rawValue).joined(separator: ",") + (worker ?? "")
          queries["\(order.text) \(filter)"] = TrialListQuery(study: 1, selection, after: place, limit: 2).sql
          if order.key == .number { continue }
          let last = TrialListQuery(study: 1, selection, after: nil, isLacking: true, limit: 2)
          queries["\(order.text) \(filter) lacking"] = last.sql
        }
      }
    }
    let all = queries
    return try await read { database in
      try all.mapValues { query in
        // What is not bound is NULL.
        let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + query)
        statement.setUncheckedArguments([])
        return try Row.fetchAll(statement)
          .map { $0["detail"] as String }.joined(separator: "; ")
      }
    }
  }

  /// Runs a statement as a write; for tests of what the schema refuses and of failing disks.
  package func execute(_ sql: String) async throws(StudyError) {
    try await writer.write(alone: true) { try $0.execute(sql: sql) }
  }

  /// One number from the writing connection; for tests of settings.
  package func number(_ sql: String) async throws(StudyError) -> Int? {
    try await writer.write { try Int.fetchOne($0, sql: sql) }
  }
}
