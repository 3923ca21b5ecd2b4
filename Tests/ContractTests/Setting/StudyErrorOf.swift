import Testing
import TuningModel

/// The error of a study that `body` throws; `nil` where it throws none.
func error(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async -> StudyError? {
  do {
    try await body()
    return nil
  } catch let error as StudyError {
    return error
  } catch {
    Issue.record("\(error) is no error of a study", sourceLocation: sourceLocation)
    return nil
  }
}
