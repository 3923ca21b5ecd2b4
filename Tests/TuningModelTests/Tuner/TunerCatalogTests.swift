import Testing
import TuningModel

/// A tuner for tests that always proposes the centre.
private struct CentreTuner: Tuner {
  static let description = TunerDescription(
    name: "centre", summary: "Proposes the centre.",
    options: [
      TunerOption("shape", .choice(["round", "square"]), default: "round", "The shape."),
      TunerOption("width", .number(0...1), default: 0.5, "The width."),
      TunerOption("count", .integer(1...3), default: 2, "The count."),
      TunerOption("loud", .flag, default: false, "Noise."),
      TunerOption("stages", .schedule, default: .null, "The stages."),
      TunerOption("places", .points, default: [], "The places."),
    ])
  let space: SearchSpace

  init(for study: StudyDefinition) throws(TunerError) {
    if study.objectives.count > 1 {
      throw .unsupported([InputMistake(pointer: "/objectives/1", detail: "One objective only.", kind: .support)])
    }
    space = study.space
  }

  mutating func observe(_ event: TrialEvent) {}
  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    numbers.map { _ in Suggestion(space.centre, origin: SuggestionOrigin(tuner: "centre")) }
  }
  var snapshot: JSONValue { .null }
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {}
}

@Suite("The tuner catalog")
struct TunerCatalogTests {
  let catalog = TunerCatalog([CentreTuner.self])

  func study(
    _ tuner: TunerChoice, objectives: [Objective] = [Objective("loss", .minimise)], stopping: StoppingChoice? = nil
  )
    throws
    -> StudyDefinition
  {
    try StudyDefinition(
      "s", space: SearchSpace([Parameter("x", .bool)]), objectives: objectives, tuner: tuner, stopping: stopping)
  }

  func refusal(of study: StudyDefinition) -> [String]? {
    do throws(TunerError) {
      _ = try catalog.tuner(for: study)
      return nil
    } catch {
      guard case .unsupported(let mistakes) = error else { return [] }
      return mistakes.map(\.pointer)
    }
  }

  @Test("A study that names no tuner gets one that supports it")
  func firstSupporting() throws {
    #expect(refusal(of: try study(TunerChoice())) == nil)
    #expect(
      refusal(of: try study(TunerChoice(), objectives: [Objective("a", .minimise), Objective("b", .minimise)])) == [
        "/objectives/1"
      ])
  }

  @Test(
    "Options are checked by name, type and range",
    arguments: [
      (["shape": "flat"], ["/tuner/shape"]), (["width": 2], ["/tuner/width"]), (["count": 1.5], ["/tuner/count"]),
      (["loud": "yes"], ["/tuner/loud"]), (["colour": 1, "width": "x"], ["/tuner/colour", "/tuner/width"]),
      (["stages": [], "places": [:]], ["/tuner/places", "/tuner/stages"]),
      (["stages": [["step": 0]], "places": []], nil),
      (["shape": "square", "width": 0, "count": 3, "loud": true], nil),
    ] as [([String: JSONValue], [String]?)])
  func options(options: [String: JSONValue], pointers: [String]?) throws {
    #expect(refusal(of: try study(TunerChoice("centre", options: options))) == pointers)
  }

  @Test("An unknown tuner and a stopping rule are refused, never ignored")
  func refusals() throws {
    #expect(refusal(of: try study(TunerChoice("magic"))) == ["/tuner/name"])
    #expect(refusal(of: try study(TunerChoice(), stopping: StoppingChoice("asha"))) == ["/stopping/name"])
  }
}
