import Testing
import TuningAPI
import TuningModel

@Suite("Problems")
struct ProblemTests {
  static let trial = Trial(
    number: 3, state: .completed, parameters: ["x": .float(0.25)],
    origin: SuggestionOrigin(tuner: "uniform", history: 4),
    measurement: Measurement(["loss": 1, "other": -.infinity], step: 4, standardErrors: ["loss": 0.5]), worker: "w",
    attempt: 2, lostLeases: 1, createdAt: Timestamp(milliseconds: 1), startedAt: Timestamp(milliseconds: 2),
    finishedAt: Timestamp(milliseconds: 3))

  @Test("Every error of a study reaches the client as it was", arguments: StudyError.Code.allCases)
  func roundTrip(_ code: StudyError.Code) throws {
    let error = StudyError(
      code, "What went wrong.",
      mistakes: [
        InputMistake(pointer: "/a~1b", detail: "Is wrong.", kind: .form), InputMistake(pointer: "", detail: "Is odd."),
        InputMistake(pointer: "/c", detail: "Cannot be had.", kind: .support),
      ], trial: Self.trial)
    let problem = Problem(error, status: 400, requestID: "abc")
    #expect(try Problem(answer: problem.body) == problem)
    #expect(try Problem(answer: problem.body).studyError == error)
  }

  @Test("Every error before any study becomes one that the client can throw", arguments: TransportCode.allCases)
  func transport(_ code: TransportCode) throws {
    let problem = Problem(code, "What went wrong.", status: 400, requestID: "abc")
    let error = try Problem(answer: problem.body).studyError
    #expect([.invalid, .unavailable, .unexpectedAnswer].contains(error.code))
    #expect(error.message.contains("What went wrong."))
    #expect(error.message.contains("abc"))
  }

  @Test("A code that this version does not know is an unexpected answer")
  func unknownCode() throws {
    let problem: JSONValue = ["code": "quantum", "title": "New", "status": 499, "detail": "Unheard of."]
    let error = try Problem(answer: problem.bytes).studyError
    #expect(error.code == .unexpectedAnswer)
    #expect(error.message.contains("Unheard of."))
  }
}
