extension Migration {
  /// A way to the reports on one trial, which stand scattered over the log.
  static let schema2 = Migration(
    version: 2,
    sql: """
      CREATE INDEX reports_by_trial ON events (study, trial, sequence) WHERE kind = 'reported';
      """)
}
