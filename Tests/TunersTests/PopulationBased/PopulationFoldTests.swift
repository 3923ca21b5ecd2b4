import Testing
import Tuners
import TuningModel

@Suite("A population as a fold over events")
struct PopulationFoldTests {
  /// Workers that take trials, finish, fail, diverge and vanish at random; some give trials back and others take them up.
  private func chaos(members: Int, workers: Int, trials: Int, seed: StudySeed) throws -> PopulationCourse {
    var course = try PopulationCourse(["population_size": .integer(members)], seed: seed)
    var random = RandomStream(seed: seed, trial: 0)
    var open: [TrialNumber] = []
    while course.given.count < trials {
      while open.count < workers, let (trial, _) = try? course.ask() { open.append(trial) }
      let trial = open.remove(at: Int.random(in: open.indices, using: &random))
      switch Int.random(in: 0..<10, using: &random) {
      case 0: course.observe(trial, .failed(reason: TrialReason.leaseExpired))
      case 1: course.observe(trial, .failed(reason: TrialReason.notFinite))
      case 2: course.observe(trial, .infeasible(reason: TrialReason.notFinite, nil))
      case 3:
        course.observe(trial, .requeued(reason: TrialReason.leaseExpired))
        let suggestion = try #require(course.given[trial])
        course.observe(trial, .started(suggestion, worker: "other", attempt: 2))
        open.append(trial)
      default: course.tell(trial, Double.random(in: 0...1, using: &random))
      }
      let held = open.compactMap { course.given[$0]?.resume?.member }
      #expect(Set(held).count == held.count, "a member is held twice")
    }
    return course
  }

  @Test("A snapshot stands for the fold at every place of a history full of losses", arguments: [1, 2, 3])
  func snapshots(seed: StudySeed) throws {
    let course = try chaos(members: 5, workers: 3, trials: 60, seed: seed)
    var tuner = try PopulationBasedTuner(for: course.study)
    for event in course.events {
      tuner.observe(event)
      var restored = try PopulationBasedTuner(for: course.study)
      try restored.restore(try JSONValue(text: tuner.snapshot.text))
      #expect(restored.snapshot == tuner.snapshot)
      let next = course.given.count + 1
      #expect((try? restored.suggest(next..<next + 4, seed: 3)) == (try? tuner.suggest(next..<next + 4, seed: 3)))
    }
    #expect(tuner.snapshot == course.tuner.snapshot)
  }

  @Test("The population keeps its size through failures: every member goes on", arguments: [1, 2, 3])
  func size(seed: StudySeed) throws {
    let course = try chaos(members: 8, workers: 8, trials: 200, seed: seed)
    let late = course.given.filter { $0.key > 150 }.compactMap(\.value.resume?.member)
    #expect(Set(late) == Set(0..<8))
  }

  @Test("With fewer workers than members nobody starves", arguments: [(8, 2), (100, 50), (5, 1)])
  func fairness(members: Int, workers: Int) throws {
    var course = try PopulationCourse(["population_size": .integer(members)])
    var open: [TrialNumber] = []
    var begun = Array(repeating: 0, count: members)
    while course.given.count < members * 3 + 1 {
      while open.count < workers {
        let (trial, suggestion) = try course.ask()
        begun[suggestion.resume?.member ?? 0] += 1
        open.append(trial)
        #expect((begun.max() ?? 0) - (begun.min() ?? 0) <= 1)
      }
      let trial = open.removeFirst()
      if trial % 7 == 0 { course.observe(trial, .failed(reason: "")) } else { course.tell(trial, Double(trial % 5)) }
    }
  }

  @Test("With one worker members take turns, even those that always fail")
  func turns() throws {
    var course = try PopulationCourse(["population_size": 3])
    var members: [Int] = []
    for _ in 0..<9 {
      let (trial, suggestion) = try course.ask()
      members.append(suggestion.resume?.member ?? -1)
      if members.last == 1 { course.observe(trial, .failed(reason: "")) } else { course.tell(trial, 1) }
    }
    #expect(members == [0, 1, 2, 0, 1, 2, 0, 1, 2])
  }

  @Test("Who has all steps is done, and the study then at its end")
  func end() throws {
    var course = try PopulationCourse(["population_size": 2, "interval": 4, "max_steps": 6, "quantile": 0])
    let (first, _) = try course.ask()
    let (second, _) = try course.ask()
    #expect(throws: TunerError.waiting("Every member of the population is under way.")) { try course.ask() }
    course.tell(first, 1)
    course.tell(second, 2)
    for _ in 0..<2 {
      let (trial, suggestion) = try course.ask()
      #expect(suggestion.resume?.stepFrom == 4)
      #expect(suggestion.resume?.stepTo == 6)
      course.tell(trial, 1)
    }
    #expect(throws: TunerError.finished("Every member of the population has trained for all its steps.")) {
      try course.ask()
    }
  }

  @Test("A snapshot of a population of another size, or of another space, is refused")
  func foreignSnapshots() throws {
    var course = try PopulationCourse(["population_size": 2])
    _ = try course.ask()
    var other = try PopulationCourse(["population_size": 3]).tuner
    #expect(throws: InvalidInput.self) { try other.restore(course.tuner.snapshot) }
    var elsewhere = try PopulationCourse(
      ["population_size": 2], parameters: [["name": "y", "type": "float", "low": 0, "high": 1]]
    ).tuner
    #expect(throws: InvalidInput.self) { try elsewhere.restore(course.tuner.snapshot) }
    #expect(throws: InvalidInput.self) { try other.restore(.null) }
  }

  @Test("What it cannot honour is refused")
  func refusals() throws {
    func pointers(_ fields: [String: JSONValue]) throws -> [String] {
      var definition: [String: JSONValue] = [
        "name": "s", "parameters": .array(PopulationCourse.standardSpace),
        "objectives": [["metric": "loss", "goal": "minimize"]], "tuner": ["name": "population_based"],
      ]
      definition.merge(fields) { $1 }
      let study = try StudyDefinition(.object(definition))
      do throws(TunerError) {
        _ = try PopulationBasedTuner(for: study)
        return []
      } catch {
        guard case .unsupported(let mistakes) = error else { return ["\(error)"] }
        return mistakes.map(\.pointer)
      }
    }
    #expect(try pointers([:]) == [])
    #expect(try pointers(["stopping": ["name": "asha"]]) == ["/stopping"])
    #expect(
      try pointers(["outcome_constraints": [["metric": "ms", "at_most": 1]]]) == ["/outcome_constraints"])
    #expect(
      try pointers([
        "objectives": [["metric": "a", "goal": "minimize"], ["metric": "b", "goal": "minimize"]]
      ]) == ["/objectives"])
    #expect(try pointers(["tuner": ["name": "population_based", "long_lived": true]]) == ["/tuner/max_steps"])
  }
}
