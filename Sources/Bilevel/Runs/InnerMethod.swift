/// How a run trains: an inner solver by name, or the one that suits the problem.
public enum InnerMethod: String, Hashable, Sendable, CaseIterable {
  /// Direct where the family has a direct method, coordinate descent where it has kinks or bounds, else Newton: with
  /// direct systems where they are small, else with conjugate gradients.
  case auto
  /// The direct method of the family.
  case direct
  /// Newton's method whose systems are solved directly, for up to 500 variables.
  case newton
  /// Newton's method with conjugate gradients.
  case newtonCG = "newton-cg"
  /// Accelerated gradient steps.
  case fista
  /// Coordinate descent.
  case coordinate
  /// Limited-memory BFGS.
  case lbfgs

  /// The solvers of the lower level and of the adjoint system for a problem.
  ///
  /// - Throws: `unsupported` where the method does not fit the problem.
  func solvers(
    for problem: any LowerLevelProblem
  ) throws(BilevelError) -> (method: InnerMethod, inner: any InnerSolver, linear: any LinearSolver) {
    let isCoordinatewise = problem is any CoordinatewiseProblem
    let isDirect: Bool
    do throws(BilevelError) {
      isDirect = try problem.directSolution(at: problem.startingHyperparameters) != nil
    } catch .singular {
      isDirect = true
    }
    let linear: any LinearSolver = isCoordinatewise || isDirect ? DirectLinearSolver() : ConjugateGradients()
    switch self {
    case .auto:
      if isDirect || isCoordinatewise {
        return try (isDirect ? InnerMethod.direct : .coordinate).solvers(for: problem)
      }
      return try (Self.isSmall(problem) ? InnerMethod.newton : .newtonCG).solvers(for: problem)
    case .direct:
      guard isDirect else { throw .unsupported("The problem has no direct method.") }
      return (self, DirectMethod(), linear)
    case .coordinate:
      guard isCoordinatewise else { throw .unsupported("Coordinate descent needs a problem with kinks or bounds.") }
      return (self, CoordinateDescent(), linear)
    case .newton, .newtonCG, .fista, .lbfgs:
      guard !isCoordinatewise else { throw .unsupported("A problem with kinks or bounds needs coordinate descent.") }
      return try smoothSolvers(for: problem)
    }
  }

  private func smoothSolvers(
    for problem: any LowerLevelProblem
  ) throws(BilevelError) -> (method: InnerMethod, inner: any InnerSolver, linear: any LinearSolver) {
    switch self {
    case .newton:
      guard Self.isSmall(problem) else {
        throw .unsupported("Direct systems need a Hessian of at most \(Self.mostDirect) variables; use newton-cg.")
      }
      return (self, NewtonMethod(), DirectLinearSolver())
    case .fista:
      guard problem.constants(at: problem.startingHyperparameters).smoothness != nil else {
        throw .unsupported("Accelerated gradients need the smoothness L, which is not known.")
      }
      return (self, AcceleratedGradient(), ConjugateGradients())
    case .lbfgs: return (self, QuasiNewtonMethod(), ConjugateGradients())
    default: return (self, NewtonMethod(avoidsDirectSolutions: true), ConjugateGradients())
    }
  }

  private static let mostDirect = 500

  /// Whether the Hessian is had whole, and worth factoring.
  private static func isSmall(_ problem: any LowerLevelProblem) -> Bool {
    problem.variableCount <= mostDirect
      && problem.derivatives(at: problem.coldStart, theta: problem.startingHyperparameters).denseHessian() != nil
  }
}
