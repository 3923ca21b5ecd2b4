import HoneCommand
import Testing
import TuningModel

struct ExitStatusTests {
  @Test(
    "Each kind of failure has the exit status that the help promises",
    arguments: [
      (StudyError.Code.malformed, 2), (.invalid, 2), (.unsupported, 2), (.studyNotFound, 3), (.trialNotFound, 3),
      (.studyExists, 4), (.trialState, 4), (.leaseLost, 4), (.revisionConflict, 4), (.databaseInUse, 4),
      (.unauthenticated, 5), (.forbidden, 5), (.tokenNotFound, 3), (.rateLimited, 6), (.unavailable, 6),
      (.unreachable, 6), (.spaceExhausted, 10), (.tunerFailed, 1), (.databaseNewer, 1),
      (.storageFailed, 1), (.unexpectedAnswer, 1),
    ] as [(StudyError.Code, Int32)])
  func statuses(code: StudyError.Code, status: Int32) {
    #expect(ExitStatus(code).rawValue == status)
  }

  @Test("A refused input lists every mistake with its pointer")
  func mistakes() {
    let error = StudyError(
      InvalidInput([
        InputMistake(pointer: "/name", detail: "Is missing.", kind: .form),
        InputMistake(pointer: "", detail: "Is bad."),
      ]))
    let failure = CommandFailure(error, subject: "study.json")
    #expect(failure.message == "study.json has 2 mistakes:\n  /name: Is missing.\n  (the whole): Is bad.")
    #expect(failure.status == .usage)
  }
}
