import ArgumentParser
import SQLiteStorage
import TuningModel

/// `hone db migrate`.
struct DatabaseMigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Brings a database to this version's schema.",
    discussion: """
      Opening a database does the same. A copy is taken first, as FILE.schema-VERSION.backup; all steps are one \
      transaction, so that a failure leaves the database as it was. Older versions of Hone cannot open it afterwards.

      EXAMPLES

        hone db migrate hone.db --dry-run
        hone db migrate hone.db
      """)

  @OptionGroup var file: DatabaseArgument

  @Flag(help: "Show what would be done and do nothing.")
  var dryRun = false

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let file = try file.existing()
    let plan = dryRun ? try file.plannedMigration() : try await file.migrate()
    output.write(json(plan, file), text(plan, file))
  }

  private func text(_ plan: DatabaseFile.MigrationPlan, _ file: DatabaseFile) -> String {
    guard let last = plan.steps.last else { return "\(file.path): schema \(plan.from), up to date\n" }
    if !dryRun {
      let copy = plan.backup.map { "; the copy from before is \($0)" } ?? ""
      return "\(file.path): schema \(plan.from) brought to \(last.version)\(copy)\n"
    }
    var text = "\(file.path): schema \(plan.from) would be brought to \(last.version), after a copy is taken\n"
    for step in plan.steps {
      text += "\nto schema \(step.version):\n\n"
      for line in step.sql.split(separator: "\n", omittingEmptySubsequences: false) {
        text += line.isEmpty ? "\n" : "  \(line)\n"
      }
    }
    return text
  }

  private func json(_ plan: DatabaseFile.MigrationPlan, _ file: DatabaseFile) -> JSONValue {
    .object(omittingNil: [
      "database": .string(file.path), "from": .integer(plan.from),
      "to": .integer(plan.steps.last?.version ?? plan.from), "dry_run": .bool(dryRun),
      "steps": .array(plan.steps.map { ["version": .integer($0.version), "sql": .string($0.sql)] }),
      "backup": plan.backup.map(JSONValue.string),
    ])
  }
}
