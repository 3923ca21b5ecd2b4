import Foundation
import Hone

/// One of the ten problems of De Ath, Everson, Rahat and Fieldsend, with its exact least value.
///
/// The least values were computed with forty digits; the published tables measure against rounded ones.
/// - Source: "Greed is good: exploration and exploitation trade-offs in Bayesian optimisation", ACM Transactions on
///   Evolutionary Learning and Optimization 1 (2021), table 1 and appendix.
struct TestProblem: Sendable {
  /// The name as in the tables of the paper's authors.
  var name: String
  /// The box, in the function's own units.
  var bounds: [ClosedRange<Double>]
  /// The exact least value.
  var optimum: Double
  /// The function to minimise.
  var value: @Sendable ([Double]) -> Double

  var dimension: Int { bounds.count }

  /// The study that a new user would write: parameters and a goal.
  func study(noise: Noise, tuner: TunerChoice) throws -> StudyDefinition {
    try StudyDefinition(
      name,
      space: SearchSpace(
        bounds.enumerated().map { index, bounds in
          Parameter("x\(index + 1)", .float(FloatDomain(bounds.lowerBound, bounds.upperBound)))
        }),
      objectives: [Objective("y", .minimise)], tuner: tuner, noise: noise)
  }

  /// The parameters at a point of the unit cube.
  func parameters(at point: [Double]) -> Parameters {
    Dictionary(
      uniqueKeysWithValues: zip(bounds, point).enumerated().map { index, pair in
        let (bounds, u) = pair
        return ("x\(index + 1)", .float(bounds.lowerBound + u * (bounds.upperBound - bounds.lowerBound)))
      })
  }

  /// How far the value at these parameters lies above the least one.
  func regret(_ parameters: Parameters) -> Double {
    let point = (1...dimension).map { parameters["x\($0)"]?.number ?? .nan }
    return max(value(point) - optimum, 0)
  }
}

extension TestProblem {
  /// The ten, in the order of the tables.
  static let all: [TestProblem] = [
    TestProblem(name: "WangFreitas", bounds: [0...1], optimum: -4.000000000000025328) { x in
      -(2 * exp(-0.5 * square((x[0] - 0.1) / 0.1)) + 4 * exp(-0.5 * square((x[0] - 0.9) / 0.01)))
    },
    TestProblem(name: "BraninForrester", bounds: [-5...10, 0...15], optimum: -16.644021570843188975) { x in
      branin(x) + 5 * x[0]
    },
    TestProblem(name: "Branin", bounds: [-5...10, 0...15], optimum: 0.3978873577297383394, value: branin),
    TestProblem(name: "Cosines", bounds: [0...5, 0...5], optimum: -1.6) { x in
      x.map { square(1.6 * $0 - 0.5) - 0.3 * cos(3 * .pi * (1.6 * $0 - 0.5)) }.reduce(-1, +)
    },
    TestProblem(
      name: "logGoldsteinPrice", bounds: [-2...2, -2...2], optimum: 1.0986122886681096914
    ) { x in log(goldsteinPrice(x)) },
    TestProblem(
      name: "logSixHumpCamel", bounds: [-3...3, -2...2], optimum: -9.5451628285161566685
    ) { x in log(sixHumpCamel(x) + 1.0316 + 1e-4) },
    TestProblem(
      name: "logHartmann6", bounds: Array(repeating: 0...1, count: 6), optimum: -1.2006777851323594988
    ) { x in -log(hartmann(x)) },
    TestProblem(
      name: "logGSobol", bounds: Array(repeating: -5...5, count: 10), optimum: -6.9314718055994530942
    ) { x in x.map { log((abs(4 * $0 - 2) + 1) / 2) }.reduce(0, +) },
    TestProblem(
      name: "logRosenbrock", bounds: Array(repeating: -5...10, count: 10), optimum: -0.6931471805599453094
    ) { x in
      log(zip(x, x.dropFirst()).map { 100 * square($1 - $0 * $0) + square(1 - $0) }.reduce(0, +) + 0.5)
    },
    TestProblem(
      name: "logStyblinskiTang", bounds: Array(repeating: -5...5, count: 10), optimum: 2.1208645110528244976
    ) { x in
      log(x.map { 0.5 * (square($0 * $0) - 16 * $0 * $0 + 5 * $0) }.reduce(0, +) + 400)
    },
  ]
}

private func square(_ x: Double) -> Double { x * x }

private func branin(_ x: [Double]) -> Double {
  let valley = x[1] - 5.1 / (4 * .pi * .pi) * x[0] * x[0] + 5 / .pi * x[0] - 6
  return square(valley) + 10 * (1 - 1 / (8 * .pi)) * cos(x[0]) + 10
}

private func goldsteinPrice(_ x: [Double]) -> Double {
  let (a, b) = (x[0], x[1])
  let near = 19 - 14 * a + 3 * a * a - 14 * b + 6 * a * b + 3 * b * b
  let far = 18 - 32 * a + 12 * a * a + 48 * b - 36 * a * b + 27 * b * b
  return (1 + square(a + b + 1) * near) * (30 + square(2 * a - 3 * b) * far)
}

private func sixHumpCamel(_ x: [Double]) -> Double {
  let (a, b) = (x[0] * x[0], x[1] * x[1])
  return (4 - 2.1 * a + a * a / 3) * a + x[0] * x[1] + (4 * b - 4) * b
}

private let hartmannWeights = [1.0, 1.2, 3.0, 3.2]
private let hartmannWidths: [[Double]] = [
  [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
]
private let hartmannCentres: [[Double]] = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]

/// Hartmann's function in six dimensions with its sign turned, so that it is above 0.
private func hartmann(_ x: [Double]) -> Double {
  var sum = 0.0
  for (weight, (widths, centres)) in zip(hartmannWeights, zip(hartmannWidths, hartmannCentres)) {
    let exponent = x.indices.map { widths[$0] * square(x[$0] - centres[$0]) }.reduce(0, +)
    sum += weight * exp(-exponent)
  }
  return sum
}
