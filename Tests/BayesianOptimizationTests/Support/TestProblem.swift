import Foundation
import Testing
import TuningModel

/// A function to minimise, of which the smallest value is known.
struct TestProblem: Sendable, CustomTestStringConvertible {
  let name: String
  let study: StudyDefinition
  let optimum: Double
  let value: @Sendable (Parameters) -> Double

  var testDescription: String { name }

  init(
    _ name: String, _ parameters: [Parameter], constraints: [LinearConstraint] = [], optimum: Double,
    noise: Noise = .auto, value: @escaping @Sendable (Parameters) -> Double
  ) throws {
    self.name = name
    self.optimum = optimum
    self.value = value
    study = try StudyDefinition(
      name, space: SearchSpace(parameters, constraints: constraints), objectives: [Objective("loss", .minimise)],
      noise: noise)
  }
}

extension [String: ParameterValue] {
  /// The number of that name; NaN where there is none.
  func number(_ name: String) -> Double { self[name]?.number ?? .nan }
}

private func branin(_ x: Double, _ y: Double) -> Double {
  let bowl = y - 5.1 / (4 * .pi * .pi) * x * x + 5 / .pi * x - 6
  return bowl * bowl + 10 * (1 - 1 / (8 * .pi)) * cos(x) + 10
}

extension TestProblem {
  static func branin(noise: Noise = .auto) throws -> TestProblem {
    try TestProblem(
      "branin", [Parameter("x", .float(FloatDomain(-5, 10))), Parameter("y", .float(FloatDomain(0, 15)))],
      optimum: 0.397887357729738, noise: noise
    ) { BayesianOptimizationTests.branin($0.number("x"), $0.number("y")) }
  }

  /// Branin where two of the three minima are cut off and the best point lies on the boundary.
  static func constrainedBranin(noise: Noise = .auto) throws -> TestProblem {
    try TestProblem(
      "constrained-branin", [Parameter("x", .float(FloatDomain(-5, 10))), Parameter("y", .float(FloatDomain(0, 15)))],
      constraints: [LinearConstraint(["x": 1, "y": 1], atMost: 5)], optimum: 0.5697397428913, noise: noise
    ) { BayesianOptimizationTests.branin($0.number("x"), $0.number("y")) }
  }

  /// A wide local minimum of −2 at 0.1 and a narrow global one at 0.9.
  static func wangFreitas(noise: Noise = .auto) throws -> TestProblem {
    try TestProblem(
      "wang-freitas", [Parameter("x", .float(FloatDomain(0, 1)))], optimum: -4.000000000000026, noise: noise
    ) { parameters in
      let x = parameters.number("x")
      return -(2 * exp(-pow((x - 0.1) / 0.1, 2) / 2) + 4 * exp(-pow((x - 0.9) / 0.01, 2) / 2))
    }
  }

  static func hartmann6(noise: Noise = .auto) throws -> TestProblem {
    let a: [[Double]] = [
      [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
    ]
    let p: [[Double]] = [
      [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
      [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ]
    let heights = [1, 1.2, 3, 3.2]
    return try TestProblem(
      "hartmann6", (0..<6).map { Parameter("x\($0)", .float(FloatDomain(0, 1))) }, optimum: -3.32236801141551,
      noise: noise
    ) { parameters in
      let x = (0..<6).map { parameters.number("x\($0)") }
      var sum = 0.0
      for i in 0..<4 {
        var exponent = 0.0
        for j in 0..<6 {
          let distance = x[j] - p[i][j]
          exponent += a[i][j] * distance * distance
        }
        sum += heights[i] * exp(-exponent)
      }
      return -sum
    }
  }

  /// Two floats, an int and a choice of four, each of which moves the optimum; the best choice has the narrowest basin.
  static func mixed(noise: Noise = .auto) throws -> TestProblem {
    let centres: [String: (x: Double, y: Double, depth: Int, width: Double, floor: Double)] = [
      "a": (0.2, 0.8, 3, 1.0, 0.30), "b": (0.7, 0.3, 9, 0.8, 0.15), "c": (0.85, 0.75, 6, 0.35, 0),
      "d": (0.4, 0.1, 1, 1.2, 0.45),
    ]
    return try TestProblem(
      "mixed",
      [
        Parameter("x", .float(FloatDomain(0, 1))), Parameter("y", .float(FloatDomain(0, 1))),
        Parameter("depth", .int(IntDomain(1, 10))),
        Parameter("kind", .categorical(["a", "b", "c", "d"].map(ParameterValue.string))),
      ], optimum: 0, noise: noise
    ) { parameters in
      guard case .string(let kind)? = parameters["kind"], let centre = centres[kind] else { return .nan }
      let (dx, dy) = (parameters.number("x") - centre.x, parameters.number("y") - centre.y)
      let dz = (parameters.number("depth") - Double(centre.depth)) / 10
      let distance = (dx * dx + dy * dy + dz * dz) / (centre.width * centre.width)
      return centre.floor + (1 - exp(-4 * distance)) + 0.2 * distance
    }
  }

  /// A classifier with three kinds of model, each with parameters of its own, some on log scales.
  static func conditional(noise: Noise = .auto) throws -> TestProblem {
    func when(_ kinds: String...) -> Condition { Condition("model", isOneOf: kinds.map(ParameterValue.string)) }
    return try TestProblem(
      "conditional",
      [
        Parameter("model", .categorical(["svm", "forest", "net"].map(ParameterValue.string))),
        Parameter("c", .float(FloatDomain(1e-3, 1e3, scale: .log)), when: when("svm")),
        Parameter("gamma", .float(FloatDomain(1e-4, 10, scale: .log)), when: when("svm")),
        Parameter("trees", .int(IntDomain(10, 500, scale: .log)), when: when("forest")),
        Parameter("depth", .int(IntDomain(1, 30)), when: when("forest")),
        Parameter("rate", .float(FloatDomain(1e-5, 1, scale: .log)), when: when("net")),
        Parameter("layers", .int(IntDomain(1, 6)), when: when("net")),
        Parameter("scale", .float(FloatDomain(0, 1))),
      ], optimum: 0.05, noise: noise
    ) { parameters in
      let shared = 0.3 * pow(parameters.number("scale") - 0.65, 2)
      switch parameters["model"] {
      case .string("svm"):
        let (c, gamma) = (log10(parameters.number("c")), log10(parameters.number("gamma")))
        return shared + 0.12 + 0.02 * pow(c - 1, 2) + 0.03 * pow(gamma + 2 + 0.3 * (c - 1), 2)
      case .string("forest"):
        let (trees, depth) = (parameters.number("trees"), parameters.number("depth"))
        return shared + 0.09 + 0.05 * pow(log10(trees / 300), 2) + 0.004 * pow((depth - 14) / 4, 2)
      default:
        let (rate, layers) = (log10(parameters.number("rate")), parameters.number("layers"))
        return shared + 0.05 + 0.08 * (1 - exp(-2 * pow(rate + 2.7, 2))) + 0.02 * pow(rate + 2.7, 2)
          + 0.015 * pow(layers - 4, 2)
      }
    }
  }
}
