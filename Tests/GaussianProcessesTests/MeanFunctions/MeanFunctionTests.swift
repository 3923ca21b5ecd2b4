import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

extension MeanFunctionKind {
  func fitted(to observations: Observations) -> PriorMean {
    var random = SplitMix64(seed: 5)
    return fitted(to: observations, using: &random)
  }

  /// The function, or a constant as one.
  func function(_ observations: Observations) -> any MeanFunction {
    switch fitted(to: observations) {
    case .function(let function): function
    case .fixed(let value): Constant(value: value)
    case .profiled: Constant(value: .nan)
    }
  }

  private struct Constant: MeanFunction {
    let value: Double
    func values(at points: Inputs) -> [Double] { Array(repeating: value, count: points.count) }
    func featureGradient(at point: Inputs) -> [Double] { Array(repeating: 0, count: point.layout.featureCount) }
  }
}

@Suite("Mean functions")
struct MeanFunctionTests {
  private static let fitted = MeanFunctionKind.allCases.filter { $0 != .constant }
  private static let smooth: [MeanFunctionKind] = [.linear, .quadratic, .rbfNetwork]

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let numeric, categorical: Int
    let points: [[Double]]
    let targets: [Double]
    let queries: [[Double]]
    let values: [String: [Double]]

    var testDescription: String { name }
    var layout: InputLayout {
      InputLayout(
        Array(repeating: .init(.numeric), count: numeric) + Array(repeating: .init(.categorical), count: categorical))
    }
  }

  static let fixture = Result { try GoldenValues("mean-functions", of: Case.self, in: .module) }

  @Test("The fixture has its cases")
  func fixtureHasCases() throws { #expect(try Self.fixture.get().cases.count == 4) }

  @Test("Values agree with scikit-learn", arguments: (try? fixture.get().cases) ?? [], smooth)
  func golden(_ golden: Case, kind: MeanFunctionKind) throws {
    let observations = Observations(Inputs(golden.points, layout: golden.layout), targets: golden.targets)
    let values = kind.function(observations).values(at: Inputs(golden.queries, layout: golden.layout))
    #expect(
      distance(values, try #require(golden.values[kind.rawValue])) < (try Self.fixture.get().tolerance.relative))
  }

  @Test("The constants, by hand")
  func constants() {
    let observations = Observations(
      Inputs([[0.1], [0.2], [0.3], [0.4]], layout: InputLayout(numeric: 1)), targets: [4, -1, 2, 7])
    let point = Inputs([[0.9]], layout: InputLayout(numeric: 1))
    for (kind, value) in [(MeanFunctionKind.arithmetic, 3.0), (.median, 3), (.minimum, -1), (.worst, 7)] {
      #expect(kind.function(observations).values(at: point) == [value])
    }
    guard case .profiled = MeanFunctionKind.constant.fitted(to: observations) else {
      Issue.record("The default is profiled")
      return
    }
  }

  @Test("Gradients agree with finite differences over every kind of coordinate", arguments: fitted, 0..<3)
  func gradients(kind: MeanFunctionKind, seed: UInt64) {
    let problem = RandomProblem(60, seed: seed)
    let function = kind.function(problem.observations(0..<59))
    let (point, active) = (problem.points[59], problem.active[59])
    func inputs(_ point: [Double]) -> Inputs { Inputs([point], active: [active], layout: RandomProblem.layout) }
    let gradient = RandomProblem.layout.pullback(
      function.featureGradient(at: inputs(point)), at: point, active: active)
    // So short a step that no threshold of the forest lies within it.
    let step = kind == .randomForest ? 1e-9 : 1e-3
    for index in [1, 2, 4] {
      let expected = derivative(index, at: point, step: step) { function.values(at: inputs($0))[0] }
      #expect(abs(gradient[index] - expected) < 1e-7, "coordinate \(index)")
    }
  }

  @Test("One point, equal targets, duplicates and fewer points than terms leave everything finite", arguments: fitted)
  func extremes(kind: MeanFunctionKind) {
    let layout = InputLayout([.init(.numeric), .init(.numeric, isConditional: true), .init(.categorical)])
    let queries = Inputs(
      [[0, 0, 0], [1, 1, 7], [0.5, 0.2, 1]], active: [[true, true, true], [true, false, false], [true, true, true]],
      layout: layout)
    func values(_ points: [[Double]], _ targets: [Double]) -> [Double] {
      kind.function(Observations(Inputs(points, layout: layout), targets: targets)).values(at: queries)
    }
    #expect(distance(values([[0.3, 0.3, 1]], [2.5]), [2.5, 2.5, 2.5]) < 1e-12)
    let same = Array(repeating: [0.3, 0.3, 1], count: 9)
    #expect(distance(values(same, Array(repeating: -1, count: 9)), [-1, -1, -1]) < 1e-12)
    #expect(values(same, [1, 2, 3, 4, 5, 6, 7, 8, 9]).allSatisfy { (1...9).contains($0) })
    #expect(values([[0, 0, 0], [1, 1, 1]], [0, 1]).allSatisfy { abs($0) < 10 })
    #expect(values([[0, 0, 0], [1, 1, 1], [0.5, 0.1, 2]], [0, 1e9, -1]).allSatisfy { $0.isFinite })
  }

  @Test("Cross terms enter where they leave fewer terms than observations")
  func crossTerms() {
    let layout = InputLayout(numeric: 4)
    func terms(_ count: Int) -> Int {
      var random = SplitMix64(seed: 3)
      let points = (0..<count).map { _ in (0..<4).map { _ in Double.random(in: 0...1, using: &random) } }
      let observations = Observations(Inputs(points, layout: layout), targets: points.map { $0[0] })
      return PolynomialMean(.quadratic, fittedTo: observations).termCount
    }
    #expect(terms(14) == 8)
    #expect(terms(15) == 14)
  }

  @Test("A quadratic is found again, levels and all")
  func quadratic() {
    var random = SplitMix64(seed: 8)
    let layout = InputLayout([.init(.numeric), .init(.numeric), .init(.categorical)])
    func truth(_ x: [Double]) -> Double { 3 * (x[0] - 0.3) * (x[0] - x[1]) + [0, 2, -1][Int(x[2])] * (1 + x[1]) }
    let points = (0..<60).map { _ in
      [
        Double.random(in: 0...1, using: &random), .random(in: 0...1, using: &random),
        Double(Int.random(in: 0..<3, using: &random)),
      ]
    }
    let function = PolynomialMean(
      .quadratic, fittedTo: Observations(Inputs(points, layout: layout), targets: points.map(truth)))
    let queries = [[0.1, 0.9, 0], [0.8, 0.4, 1], [0.5, 0.5, 2.0]]
    #expect(distance(function.values(at: Inputs(queries, layout: layout)), queries.map(truth)) < 1e-4)
  }
}

@Suite("Random forests")
struct RandomForestTests {
  private static let layout = InputLayout([.init(.numeric), .init(.numeric), .init(.categorical)])

  private static func observations(_ count: Int, _ truth: ([Double]) -> Double) -> Observations {
    var random = SplitMix64(seed: 17)
    let points = (0..<count).map { _ in
      [
        Double.random(in: 0...1, using: &random), .random(in: 0...1, using: &random),
        Double(Int.random(in: 0..<4, using: &random)),
      ]
    }
    return Observations(Inputs(points, layout: layout), targets: points.map(truth))
  }

  private func forest(_ observations: Observations, seed: UInt64 = 1) -> RandomForest {
    var random = SplitMix64(seed: seed)
    return RandomForest(fittedTo: observations, using: &random)
  }

  @Test("It learns a step and a level, and ignores what does not matter")
  func learns() {
    let forest = forest(Self.observations(200) { ($0[0] > 0.5 ? 1 : 0) + ($0[2] == 2 ? 10 : 0) })
    let values = forest.values(
      at: Inputs([[0.2, 0.1, 0], [0.8, 0.9, 3], [0.2, 0.9, 2], [0.8, 0.1, 2]], layout: Self.layout))
    #expect(distance(values, [0, 1, 10, 11]) < 0.5)
  }

  @Test("Its values lie among the targets, for levels that were not seen too")
  func range() {
    let observations = Self.observations(30) { $0[0] - $0[2] }
    let queries = Inputs([[0, 0, 9], [1, 1, 0], [0.5, 0.5, 3]], layout: Self.layout)
    let (low, high) = (observations.targets.min() ?? 0, observations.targets.max() ?? 0)
    #expect(forest(observations).values(at: queries).allSatisfy { $0 >= low - 1e-12 && $0 <= high + 1e-12 })
  }

  @Test("The same generator grows the same forest, another one another")
  func deterministic() {
    let observations = Self.observations(30) { $0[0] * $0[1] }
    func values(_ seed: UInt64) -> [Double] {
      forest(observations, seed: seed).values(at: Inputs([[0.3, 0.6, 1]], layout: Self.layout))
    }
    #expect(values(1) == values(1))
    #expect(values(1) != values(2))
  }

  @Test("More dimensions than are tried at a node")
  func manyDimensions() {
    var random = SplitMix64(seed: 4)
    let points = (0..<40).map { _ in (0..<90).map { _ in Double.random(in: 0...1, using: &random) } }
    let inputs = Inputs(points, layout: InputLayout(numeric: 90))
    let values = forest(Observations(inputs, targets: points.map { $0[0] })).values(at: inputs)
    // Bootstrap samples leave a third of the points out, so the fit is close and not exact.
    #expect(zip(values, points).reduce(0) { $0 + abs($1.0 - $1.1[0]) } / 40 < 0.2)
  }
}
