import GRDB
package import TuningModel

extension SQLiteStudyStore {
  /// How SQLite finds what the frequent queries ask for; for tests that no list reads a whole table.
  package func queryPlans() async throws(StudyError) -> [String: String] {
    let queries = [
      "page": Self.pageQuery(filtered: false), "filtered page": Self.pageQuery(filtered: true),
      "unfinished": Self.unfinishedQuery, "leases": Self.leaseQuery, "events": Self.eventQuery,
      "reports": Self.reportQuery,
      "counts": "SELECT state, count(*) FROM trials WHERE study = ? GROUP BY state",
    ]
    return try await read { database in
      try queries.mapValues { query in
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + query, arguments: StatementArguments(unbound(query)))
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

/// As many NULLs as the query has parameters.
private func unbound(_ query: String) -> [DatabaseValue] {
  Array(repeating: .null, count: query.count { $0 == "?" })
}
