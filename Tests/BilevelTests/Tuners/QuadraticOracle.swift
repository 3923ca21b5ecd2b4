import TestSupport
import TuningModel

/// Answers requests on a quadratic problem, with the errors that they allow.
struct QuadraticOracle {
  let problem: QuadraticBilevel
  /// An error of every gradient, told as its bound.
  var constantError: [Double]?
  /// The two copies of a fully first-order method.
  private var copies: (y: [Double], z: [Double])
  /// The inner point of each particle.
  private var particles: [Int: [Double]] = [:]

  init(_ problem: QuadraticBilevel = QuadraticBilevel(), constantError: [Double]? = nil) {
    self.problem = problem
    self.constantError = constantError
    let none = problem.offset.map { _ in 0.0 }
    copies = (none, none)
  }

  mutating func answer(_ suggestion: Suggestion) -> OracleAnswer? {
    guard let request = suggestion.request, case .vector(let theta)? = suggestion.parameters["theta"] else {
      return nil
    }
    return answer(theta, request)
  }

  mutating func answer(_ theta: [Double], _ request: OracleRequest) -> OracleAnswer {
    switch request.kind {
    case .value, .hypergradient: return inexact(theta, request)
    case .f2sa: return firstOrder(theta, request)
    case .bda: return unrolled(theta, request)
    case .es: return particle(theta, request)
    case .stn: return responding(theta, request)
    }
  }

  /// The exact gradient by the coordinates of a box from −10 to 10, and a pull of deviations towards 0.1.
  private func responding(_ theta: [Double], _ request: OracleRequest) -> OracleAnswer {
    let x = problem.solution(theta)
    let z = problem.gradient(theta, at: x, residual: problem.residual(theta, delta: 0))
    return OracleAnswer(
      g: problem.loss(x, theta), z: zip(z, theta).map { $0 * (10 + $1) * (10 - $1) / 20 },
      zSigma: request.turn?.sigmas.map { $0 - 0.1 })
  }

  private func inexact(_ theta: [Double], _ request: OracleRequest) -> OracleAnswer {
    let (eps, delta) = (request.eps ?? 0, request.delta ?? 0)
    let x = problem.inexactSolution(theta, eps: eps)
    let slope = zip(x, problem.target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    var answer = OracleAnswer(
      g: problem.loss(x, theta), gradGNorm: slope, epsHat: eps, cost: OracleAnswer.Cost(inner: 10))
    if request.kind == .hypergradient {
      var z = problem.gradient(theta, at: x, residual: problem.residual(theta, delta: delta))
      if let error = constantError {
        z = zip(z, error).map { $0 + $1 }
        let length = error.reduce(0) { $0 + $1 * $1 }.squareRoot()
        answer.omega = length + problem.couplingNorm / problem.mu * (eps + delta)
      }
      answer.z = z
      answer.deltaHat = delta
    }
    return answer
  }

  private mutating func firstOrder(_ theta: [Double], _ request: OracleRequest) -> OracleAnswer {
    guard let steps = request.penaltySteps else { return OracleAnswer(g: .nan) }
    let before = direction(theta, lambda: steps.lambda)
    for _ in 0..<steps.steps {
      let (y, z) = copies
      copies.z = zip(z, innerGradient(z, theta)).map { $0 - steps.gamma * $1 }
      let mixed = innerGradient(y, theta)
      copies.y = y.indices.map { y[$0] - steps.alpha * (y[$0] - problem.target[$0] + steps.lambda * mixed[$0]) }
    }
    return OracleAnswer(
      g: problem.loss(copies.y, theta), z: direction(theta, lambda: steps.lambda),
      zBefore: request.needs.contains(.zBefore) ? before : nil)
  }

  /// ∇θr + λ(∇θh(y) − ∇θh(z)), where ∇θh(x) = −Bᵀx.
  private func direction(_ theta: [Double], lambda: Double) -> [Double] {
    theta.indices.map { j in
      problem.ridge * theta[j]
        - lambda * copies.y.indices.reduce(0) { $0 + problem.coupling[$1][j] * (copies.y[$1] - copies.z[$1]) }
    }
  }

  private func innerGradient(_ x: [Double], _ theta: [Double]) -> [Double] {
    zip(zip(x, problem.solution(theta)), problem.hessian).map { ($0.0 - $0.1) * $1 }
  }

  private func unrolled(_ theta: [Double], _ request: OracleRequest) -> OracleAnswer {
    guard let steps = request.mixedSteps else { return OracleAnswer(g: .nan) }
    let length = 1 / (problem.hessian.max() ?? 1)
    var x = problem.offset.map { _ in 0.0 }
    var slopes = problem.coupling.map { $0.map { _ in 0.0 } }
    var weight = steps.mixing
    for _ in 0..<steps.steps {
      let inner = innerGradient(x, theta)
      for i in x.indices {
        let factor = 1 - length * ((1 - steps.mixing) * problem.hessian[i] + weight)
        for j in theta.indices {
          slopes[i][j] = factor * slopes[i][j] + length * (1 - steps.mixing) * problem.coupling[i][j]
        }
        x[i] -= length * ((1 - steps.mixing) * inner[i] + weight * (x[i] - problem.target[i]))
      }
      weight *= steps.decay
    }
    let z = theta.indices.map { j in
      problem.ridge * theta[j] + x.indices.reduce(0) { $0 + (x[$1] - problem.target[$1]) * slopes[$1][j] }
    }
    return OracleAnswer(g: problem.loss(x, theta), z: z)
  }

  private mutating func particle(_ theta: [Double], _ request: OracleRequest) -> OracleAnswer {
    guard let unroll = request.unroll else { return OracleAnswer(g: .nan) }
    var x = unroll.reset ? problem.offset.map { _ in 0.0 } : particles[unroll.particle] ?? problem.offset.map { _ in 0 }
    var sum = 0.0
    for _ in 0..<unroll.steps {
      x = train(x, theta)
      sum += problem.loss(x, theta)
    }
    particles[unroll.particle] = x
    return OracleAnswer(g: sum / Double(unroll.steps))
  }

  private func train(_ x: [Double], _ theta: [Double]) -> [Double] {
    let length = 0.5 / (problem.hessian.max() ?? 1)
    return zip(x, innerGradient(x, theta)).map { $0 - length * $1 }
  }

  /// The mean loss over an episode of training from zero, which evolution strategies minimise.
  func episodeLoss(_ theta: [Double], steps: Int) -> Double {
    var x = problem.offset.map { _ in 0.0 }
    var sum = 0.0
    for _ in 0..<steps {
      x = train(x, theta)
      sum += problem.loss(x, theta)
    }
    return sum / Double(steps)
  }
}
