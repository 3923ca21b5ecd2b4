// Whoever holds studies calls the engine, and names spaces, trials and errors, with every line: one import of Hone is to
// be enough. Of the storage only the choice that `open` offers is passed on.
public import SQLiteStorage
@_exported public import StudyLoop
@_exported public import StudyOperations
@_exported public import TuningModel

@_exported public import enum SQLiteStorage.Durability

/// Opens a database of studies, made where it is not there, and starts the engine on it.
///
/// ```swift
/// let studies = try await Hone.open("hone.db")
/// let created = try await studies.create(definition)
/// let answer = try await studies.ask(created.summary.study.name, AskRequest(worker: "me"))
/// ```
///
/// One process at a time holds a database; call `shutdown()` to let go of it.
///
/// - Parameters:
///   - path: the database file; its folder must be there.
///   - durability: what an answered write survives; where left out, the loss of power.
/// - Throws: `database_in_use` naming the holder, `database_newer`, `storage_failed`.
public func open(_ path: String, durability: Durability = .full) async throws(StudyError) -> StudyService {
  StudyService(store: try await SQLiteStudyStore.open(path, durability: durability), catalog: .standard)
}
