extension Migration {
  /// Which checkpoints clients have deleted.
  ///
  /// The log does not know of it: nothing that a study does depends on it.
  static let deletedCheckpoints = Migration(
    version: 5,
    sql: """
      CREATE TABLE deleted_checkpoints (
        study INTEGER NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
        checkpoint TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (study, checkpoint)
      ) STRICT, WITHOUT ROWID;
      """)
}
