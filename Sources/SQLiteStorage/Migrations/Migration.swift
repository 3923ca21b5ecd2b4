import GRDB

/// One step from a version of the schema to the next.
package struct Migration: Sendable {
  /// The version that it leads to; versions count from 1 without gaps.
  package let version: Int
  /// The statements.
  package let sql: String

  /// Creates a step.
  package init(version: Int, sql: String) {
    self.version = version
    self.sql = sql
  }

  /// The steps that lead to this version of the program.
  package static let all = [schema1, schema2, schema3, accessControl, deletedCheckpoints]

  /// Runs the step in the current transaction.
  func run(in database: Database) throws {
    try database.execute(sql: sql)
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }
}
