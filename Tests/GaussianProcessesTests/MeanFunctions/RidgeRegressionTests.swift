import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Ridge regression")
struct RidgeRegressionTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let design: [[Double]]
    let targets: [Double]
    let penalty, leaveOneOutError, intercept: Double
    let coefficients: [Double]
    let queries: [[Double]]
    let values: [Double]

    var testDescription: String { name }
  }

  static let fixture = Result { try GoldenValues("ridge-regression", of: Case.self, in: .module) }

  @Test("The fixture has its cases")
  func fixtureHasCases() throws { #expect(try Self.fixture.get().cases.count == 5) }

  @Test(
    "Penalty, leave-one-out error and coefficients agree with scikit-learn",
    arguments: (try? fixture.get().cases) ?? [])
  func agrees(_ golden: Case) throws {
    let tolerance = try Self.fixture.get().tolerance.relative
    let fit = RidgeRegression(Matrix(golden.design), targets: golden.targets)
    #expect(abs(fit.penalty / golden.penalty - 1) < 1e-12)
    #expect(abs(fit.leaveOneOutError / golden.leaveOneOutError - 1) < tolerance)
    #expect(abs(fit.intercept - golden.intercept) < tolerance)
    #expect(distance(fit.coefficients, golden.coefficients) < tolerance)
    #expect(distance(fit.values(Matrix(golden.queries)), golden.values) < tolerance)
  }

  @Test("Without terms or observations there is a constant")
  func empty() {
    let none = RidgeRegression(Matrix(rows: 3, columns: 0), targets: [1, 2, 6])
    #expect(none.intercept == 3 && none.values(Matrix(rows: 2, columns: 0)) == [3, 3])
    #expect(RidgeRegression(Matrix(rows: 0, columns: 2), targets: []).coefficients == [0, 0])
  }

  @Test("Equal targets have the largest penalty and no slope")
  func constantTargets() {
    let fit = RidgeRegression(Matrix([[0.1], [0.5], [0.9]]), targets: [2, 2, 2])
    #expect(fit.penalty == 100 && fit.coefficients == [0] && fit.intercept == 2)
  }
}
