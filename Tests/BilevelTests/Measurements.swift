import Bilevel
import Foundation
import NumericalMethods
import Testing

/// Numbers for people, not assertions: `HONE_MEASURE=bilevel swift test -c release --filter BilevelTests`.
@Suite("Measurements of bilevel problems", .serialized)
struct Measurements {
  private static let isWanted = (ProcessInfo.processInfo.environment["HONE_MEASURE"] ?? "").split(separator: ",")
    .contains("bilevel")

  private func design(_ data: RealData, _ part: Int) -> Matrix {
    data.design(part, standardised: false, scale: 16)
  }

  /// The share of rows whose class a linear model W, 64 × 10, predicts.
  private func share(_ x: [Double], _ design: Matrix, _ labels: [Int]) -> Double {
    let scores = design.multiplying(Matrix(rows: design.columns, columns: 10, elements: x))
    let right = labels.indices.filter { i in
      (0..<10).max { scores[i, $0] < scores[i, $1] } == labels[i]
    }
    return Double(right.count) / Double(labels.count)
  }

  @Test("Digits with a penalty for each of 640 weights", .enabled(if: isWanted))
  func manyPenalties() throws {
    let data = try RealData.digits()
    let lower = try MultinomialRegression(
      design: design(data, 0), labels: data.labels(0), classes: 10, penalty: .perWeight)
    let losses = try [1, 2].map { try CrossEntropy(design: design(data, $0), labels: data.labels($0), classes: 10) }
    let objective = try FoldedObjective(
      [BilevelProblem(lower, judgedBy: losses[0])], innerSolver: NewtonMethod(), linearSolver: DirectLinearSolver())
    for (start, iterations) in [(-9.681, 20), (-9.681, 40), (-6.0, 20), (-3.0, 20)] {
      let clock = ContinuousClock()
      var result: MinimisationResult?
      let time = try clock.measure {
        result = try objective.minimum(
          from: [Double](repeating: start, count: 640), accuracy: 1e-6,
          options: .init(maximumIterations: iterations, gradientTolerance: 0, valueTolerance: 0))
      }
      let found = try #require(result)
      let x = try NewtonMethod().solve(lower, theta: found.point, accuracy: 1e-6, from: nil).x
      let test = losses[1].evaluate(at: x, theta: found.point).value
      print(
        "digits, 640 penalties from \(start): validation \(found.value), test \(test),",
        "\(found.iterations) iterations, \(found.evaluations) hypergradients, \(time)")
    }
  }

  @Test("Digits with half of the labels wrong", .enabled(if: isWanted))
  func cleaning() throws {
    let data = try RealData.digits()
    let clean = data.labels(0)
    let noisy = clean.indices.map { k in k % 2 == 0 ? (clean[k] + 1 + (k / 2) % 9) % 10 : clean[k] }
    let lower = try HyperCleaning(design: design(data, 0), labels: noisy, classes: 10, penalty: 1e-3)
    let upper = try CrossEntropy(
      design: design(data, 1), labels: data.labels(1), classes: 10, scale: Double(clean.count))
    let objective = try FoldedObjective(
      [BilevelProblem(lower, judgedBy: upper)], innerSolver: NewtonMethod(), linearSolver: DirectLinearSolver())
    func test(_ theta: [Double]) throws -> Double {
      let x = try NewtonMethod().solve(lower, theta: theta, accuracy: 1e-6, from: nil).x
      return share(x, design(data, 2), data.labels(2))
    }
    print("digits, wrong labels: all rows", try test([Double](repeating: 8, count: clean.count)))
    print("digits, wrong labels: true rows", try test(clean.indices.map { $0 % 2 == 0 ? -30 : 30 }))
    let start = lower.startingHyperparameters
    for iterations in [10, 30] {
      let result = try objective.minimum(
        from: start, accuracy: 1e-7,
        options: .init(maximumIterations: iterations, gradientTolerance: 0, valueTolerance: 0))
      let flagged = result.point.map { $0 < 0 }
      let hits = Double(flagged.indices.filter { flagged[$0] && $0 % 2 == 0 }.count)
      let precision = hits / Double(flagged.filter { $0 }.count)
      let recall = hits / Double((clean.count + 1) / 2)
      print(
        "digits, wrong labels: tuned \(iterations) iterations, test \(try test(result.point)), detection F1",
        "\(2 * precision * recall / (precision + recall)), validation \(result.value)")
    }
  }
}
