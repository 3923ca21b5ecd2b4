import Bilevel
import NumericalMethods
import Testing

@Suite("Linear solvers")
struct LinearSolverTests {
  /// A Hessian given as a matrix.
  private struct Given: SecondDerivatives {
    let matrix: Matrix
    func hessianProduct(_ v: [Double]) -> [Double] { matrix.multiplying(v) }
    func crossTransposeProduct(_ q: [Double]) -> [Double] { [] }
    func denseHessian() -> Matrix? { matrix }
  }

  @Test("An indefinite Hessian is reported with a curvature that it has")
  func indefinite() throws {
    let given = Given(matrix: .diagonal([1, -2]))
    #expect(throws: BilevelError.indefinite(curvature: -0.5)) {
      try ConjugateGradients().solve(given, [1, 1], accuracy: 0, from: nil)
    }
  }

  @Test("A singular Hessian is reported by direct and iterative methods")
  func singular() throws {
    let given = Given(matrix: .diagonal([1, 0]))
    #expect(throws: BilevelError.singular) { try DirectLinearSolver().solve(given, [1, 1], accuracy: 0, from: nil) }
    #expect(throws: BilevelError.indefinite(curvature: 0)) {
      try ConjugateGradients().solve(given, [0, 1], accuracy: 0, from: nil)
    }
  }

  @Test("What is not finite is refused")
  func notFinite() throws {
    let solvers: [any LinearSolver] = [
      ConjugateGradients(), NeumannSeries(terms: 3, stepSize: 0.1), DirectLinearSolver(),
    ]
    for solver in solvers {
      #expect(throws: BilevelError.self) {
        try solver.solve(Given(matrix: .diagonal([1, 2])), [1, .nan], accuracy: 0, from: nil)
      }
      #expect(throws: BilevelError.self) {
        try solver.solve(Given(matrix: .diagonal([1, .nan])), [1, 1], accuracy: 0, from: nil)
      }
    }
  }

  @Test("A residual that cannot be reached is told as it is, on a Hessian of condition 1e12")
  func illConditioned() throws {
    let given = Given(matrix: .diagonal((0..<13).map { [1, 1e-3, 1e-6, 1e-9, 1e-12][$0 % 5] * Double($0 + 1) }))
    let b = [Double](repeating: 1, count: 13)
    let found = try ConjugateGradients().solve(given, b, accuracy: 1e-30, from: nil)
    let residual = zip(given.hessianProduct(found.q), b).map { $0 - $1 }
    #expect(found.residualNorm == euclideanNorm(residual))
    #expect(!found.hasConverged || found.residualNorm == 0)
    let capped = try ConjugateGradients(maximumProducts: 3).solve(given, b, accuracy: 1e-30, from: nil)
    #expect(capped.cost.hessianProducts <= 4 && !capped.hasConverged)
  }

  @Test("A series longer by one costs one product and errs less by the factor of the theory")
  func series() throws {
    let given = Given(matrix: .diagonal([1, 0.5]))
    let exact = [1.0, 2.0]
    let errors = try [10, 11].map { terms in
      let found = try NeumannSeries(terms: terms, stepSize: 1).solve(given, [1, 1], accuracy: 0, from: nil)
      #expect(found.cost.hessianProducts == terms + 1)
      return euclideanNorm(zip(found.q, exact).map { $0 - $1 })
    }
    #expect(abs(errors[1] / errors[0] - 0.5) < 1e-9)
  }
}
