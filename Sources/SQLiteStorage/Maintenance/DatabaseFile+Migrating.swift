package import TuningModel

extension DatabaseFile {
  /// The steps from one version of the schema to another.
  package struct MigrationPlan: Hashable, Sendable {
    /// One step.
    package struct Step: Hashable, Sendable {
      /// The version that it leads to.
      package var version: Int
      /// Its statements.
      package var sql: String
    }

    /// The version that the database has.
    package var from: Int
    /// The missing steps, none where it is up to date.
    package var steps: [Step]
    /// The copy that was taken before; `nil` where nothing was changed.
    package var backup: String?
  }

  /// What bringing it up to date would do; nothing is changed.
  ///
  /// - Throws: `database_newer`, `storage_failed`.
  package func plannedMigration() throws(StudyError) -> MigrationPlan {
    let version = try schema().version
    return MigrationPlan(
      from: version,
      steps: Migration.all.filter { $0.version > version }.map {
        MigrationPlan.Step(version: $0.version, sql: $0.sql)
      })
  }

  /// Brings it up to date, after a copy was taken.
  ///
  /// - Throws: `database_in_use` where somebody holds it; `storage_failed`, and it is as it was before.
  package func migrate() async throws(StudyError) -> MigrationPlan {
    var plan = try plannedMigration()
    if plan.steps.isEmpty { return plan }
    let store = try await SQLiteStudyStore.open(path, command: "hone db migrate")
    plan.backup = store.migrationBackup
    await store.close()
    return plan
  }
}
