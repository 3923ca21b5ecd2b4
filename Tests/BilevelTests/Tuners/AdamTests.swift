import Bilevel
import Foundation
import TestSupport
import Testing
import TuningModel

@Suite("Steps of Adam")
struct AdamTests {
  struct Case: Decodable, Sendable {
    var rate: Double
    var start: [Double]
    var gradients: [[Double]]
    var points: [[Double]]
  }

  @Test("A method that follows Adam goes through the points that PyTorch goes through")
  func reference() throws {
    let golden = try GoldenValues("adam", of: Case.self, in: .module)
    for reference in golden.cases {
      let space = try SearchSpace([
        Parameter(
          "theta", .float(FloatDomain(-100, 100, size: reference.start.count)), default: .vector(reference.start))
      ])
      let study = try StudyDefinition(
        "s", space: space, objectives: [Objective("loss", .minimise)],
        tuner: TunerChoice("bda", options: ["rate": .number(reference.rate)]))
      var tuner = try makeTuner(study)
      for (step, gradient) in reference.gradients.enumerated() {
        let asked = try #require(try tuner.suggest((step + 1)..<(step + 2), seed: 1).first)
        tuner.observe(TrialEvent(step + 1, .started(asked, worker: nil, attempt: 1)))
        tuner.observe(
          TrialEvent(step + 1, .completed(Measurement([:], oracle: OracleAnswer(g: 0, z: gradient)))))
        let number = step + 2
        let next = try #require(try tuner.suggest(number..<(number + 1), seed: 1).first)
        for (value, expected) in zip(OracleCourseRun.theta(next), reference.points[step]) {
          #expect(abs(value - expected) <= golden.tolerance.relative * max(1, abs(expected)))
        }
      }
    }
  }
}
