import Testing
import TuningAPI
import TuningModel

@Suite("Wire forms")
struct WireFormTests {
  private func mistakes<Form: WireForm>(_: Form.Type, _ text: String) -> [String] {
    do {
      _ = try Form(request: text.utf8)
      return []
    } catch {
      return error.mistakes.map(\.pointer)
    }
  }

  @Test("A trial's own form never shows the token of its lease")
  func noToken() throws {
    var trial = ProblemTests.trial
    trial.lease = Lease(token: "secret", expiresAt: Timestamp(milliseconds: 5))
    #expect(!trial.json.text.contains("secret"))
    #expect(
      !Problem(StudyError(.leaseLost, "", trial: trial), status: 409, requestID: nil).json.text.contains("secret"))
    #expect(!Page([trial], nextToken: nil).json.text.contains("secret"))
    #expect(!BestAnswer(trial).json.text.contains("secret"))
    #expect(try LeasedTrial(answer: LeasedTrial(trial).body).trial == trial)
    #expect(try Trial(answer: trial.body).lease == Lease(token: "", expiresAt: Timestamp(milliseconds: 5)))
  }

  @Test("A trial that should come with its lease is not understood without the token")
  func leaseIsRequired() {
    #expect(throws: StudyError.self) { try LeasedTrial(answer: ProblemTests.trial.body) }
  }

  @Test("Metrics that are not finite keep their meaning")
  func notFinite() throws {
    let result = TrialResult.metrics(["a": .nan, "b": .infinity, "c": -.infinity])
    guard case .completed(let measurement) = try TrialResult(request: result.body).outcome else {
      Issue.record("not completed")
      return
    }
    #expect(measurement.metrics["a"]?.isNaN == true)
    #expect(measurement.metrics["b"] == .infinity)
    #expect(measurement.metrics["c"] == -.infinity)
  }

  @Test("A result has either metrics or a reason")
  func resultForms() {
    #expect(mistakes(TrialResult.self, #"{}"#) == ["/metrics"])
    #expect(mistakes(TrialResult.self, #"{"metrics": {"a": 1}, "reason": "x"}"#) == ["/reason"])
    #expect(mistakes(TrialResult.self, #"{"state": "failed", "metrics": {"a": 1}}"#) == ["/metrics"])
    #expect(mistakes(TrialResult.self, #"{"state": "lost"}"#) == ["/state"])
    #expect(mistakes(TrialResult.self, #"{"state": "pruned", "metrics": {"a": 1}, "reason": "x"}"#) == [])
    #expect(mistakes(TrialResult.self, #"{"state": "pruned", "standard_errors": {}}"#) == ["/standard_errors"])
    #expect(mistakes(TrialResult.self, #"{"metrics": {"a": null, "b": "high"}}"#) == ["/metrics/a", "/metrics/b"])
  }

  @Test("A report needs a step, metrics and the token of the lease")
  func reportForm() throws {
    #expect(mistakes(ReportRequest.self, "{}") == ["/step", "/metrics", "/lease_token"])
    let wrong = #"{"step": 1.5, "metrics": {"a": "x"}, "checkpoint": 1, "lease_token": 2}"#
    #expect(
      Set(mistakes(ReportRequest.self, wrong)) == ["/metrics/a", "/step", "/checkpoint", "/lease_token"])
    let measurement = Measurement(
      ["a": .infinity], step: 0, standardErrors: ["a": 1], checkpoint: "file:///tmp/c")
    let request = ReportRequest(measurement, leaseToken: "t")
    #expect(try ReportRequest(request: request.body) == request)
  }

  @Test("An action that a client does not know is not taken for another")
  func unknownAction() {
    let text = #"{"decision": {"action": "exploit", "from_trial": 3}}"#
    let error = #expect(throws: StudyError.self) { try ReportAnswer(answer: text.utf8) }
    #expect(error?.code == .unexpectedAnswer)
  }

  @Test("Every mistake of a request is reported at once")
  func allMistakes() {
    #expect(
      mistakes(AskRequest.self, #"{"count": "two", "worker": 3, "lease_seconds": [], "more": 1}"#)
        == ["/count", "/worker", "/lease_seconds", "/more"])
  }

  @Test("Parameters are read by their JSON types where no space is known")
  func parameterTypes() throws {
    let values: [ParameterValue] = [.int(3), .float(0.5), .bool(true), .string("sgd"), .vector([1, 2.5])]
    for value in values {
      #expect(try ParameterValue(answer: value.json.bytes) == value)
    }
    #expect(throws: StudyError.self) { try ParameterValue(answer: Array(#"{"a": 1}"#.utf8)) }
    #expect(throws: StudyError.self) { try ParameterValue(answer: Array(#"[1, "a"]"#.utf8)) }
  }

  @Test("An option of every type is read as it was written")
  func tunerOptions() throws {
    let values: [TunerOption.Values] = [
      .choice(["a", "b"]), .number(0...0.5), .integer(1...9), .flag, .schedule, .points,
    ]
    for values in values {
      let option = TunerOption("o", values, default: .null, "What it means.")
      #expect(try TunerOption(answer: option.json.bytes) == option)
    }
  }

  @Test("A query is read strictly")
  func queries() throws {
    #expect(
      try PageRequest([QueryItem("page_size", "7"), QueryItem("page_token", "x")]) == PageRequest(size: 7, token: "x"))
    let selection = TrialSelection(
      states: [.failed, .pruned], worker: "w 1", order: TrialOrder(.value, descending: true), withMeasurements: true)
    let query = TrialsQuery(selection, page: PageRequest(size: 3, token: "a&b"))
    #expect(try TrialsQuery(query.items) == query)
    #expect(
      query.items.encoded
        == "?state=failed%2Cpruned&worker=w%201&order_by=-value&measurements=true&page_size=3&page_token=a%26b")
    let wrong: [([QueryItem], String)] = [
      ([QueryItem("page_size", "many")], "/page_size"), ([QueryItem("page", "1")], "/page"),
      ([QueryItem("page_size", "1"), QueryItem("page_size", "2")], "/page_size"),
      ([QueryItem("state", "lost")], "/state"), ([QueryItem("state", "failed,")], "/state"),
      ([QueryItem("order_by", "colour")], "/order_by"),
    ]
    for (items, pointer) in wrong {
      let error = #expect(throws: StudyError.self) { try TrialsQuery(items) }
      #expect(error?.mistakes.map(\.pointer) == [pointer])
    }
  }

  @Test("A path's values are percent-encoded")
  func paths() {
    #expect(APIOperation.getTrial.path("a/b c%ü", "7") == "/v1/studies/a%2Fb%20c%25%C3%BC/trials/7")
    #expect(APIOperation.listStudies.path() == "/v1/studies")
  }

  @Test("If-Match is read as HTTP writes it")
  func entityTags() throws {
    #expect(try EntityTag.condition("*") == .any)
    #expect(try EntityTag.condition("\"3\"") == .oneOf([3]))
    #expect(try EntityTag.condition(" \"3\" ,\t\"4\"") == .oneOf([3, 4]))
    #expect(try EntityTag.condition("W/\"3\"") == .oneOf([]))
    #expect(try EntityTag.condition("\"other\"") == .oneOf([]))
    #expect(try EntityTag.condition("\"03\"") == .oneOf([]))
    for text in ["3", "", "\"3", "\"3\" \"4\"", "\"", "\"3\",", "\"a b\"", "\"ä\""] {
      #expect(throws: StudyError.self) { try EntityTag.condition(text) }
    }
  }
}
