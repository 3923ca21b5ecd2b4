/// How a run trains: an inner solver by name, or the one that suits the problem.
public enum InnerMethod: String, Hashable, Sendable, CaseIterable {
  /// Direct where the family has a direct method, coordinate descent where it has kinks or bounds, else Newton.
  case auto
  /// The direct method of the family.
  case direct
  /// Newton's method with conjugate gradients.
  case newton
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
      return try (isDirect ? InnerMethod.direct : isCoordinatewise ? .coordinate : .newton).solvers(for: problem)
    case .direct:
      guard isDirect else { throw .unsupported("The problem has no direct method.") }
      return (self, DirectMethod(), linear)
    case .coordinate:
      guard isCoordinatewise else { throw .unsupported("Coordinate descent needs a problem with kinks or bounds.") }
      return (self, CoordinateDescent(), linear)
    case .newton, .fista, .lbfgs:
      guard !isCoordinatewise else { throw .unsupported("A problem with kinks or bounds needs coordinate descent.") }
      guard self == .fista else {
        return self == .newton
          ? (self, NewtonMethod(avoidsDirectSolutions: true), ConjugateGradients())
          : (self, QuasiNewtonMethod(), ConjugateGradients())
      }
      guard problem.constants(at: problem.startingHyperparameters).smoothness != nil else {
        throw .unsupported("Accelerated gradients need the smoothness L, which is not known.")
      }
      return (self, AcceleratedGradient(), ConjugateGradients())
    }
  }
}
