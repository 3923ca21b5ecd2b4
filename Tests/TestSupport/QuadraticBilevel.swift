/// A bilevel problem whose solution, gradient and errors are known exactly.
///
/// Inner: h(x, θ) = ½xᵀHx − xᵀ(Bθ + b) with H diagonal; outer: g(x) + r(θ) = ½‖x − t‖² + ½ρ‖θ‖². So x* = H⁻¹(Bθ + b), the mixed
/// derivatives −B do not depend on x, and the errors of x and of the linear system are put in by hand.
package struct QuadraticBilevel: Sendable {
  /// The diagonal of H; its least element is μ.
  package let hessian: [Double]
  /// B, a row for each inner variable.
  package let coupling: [[Double]]
  package let offset: [Double]
  package let target: [Double]
  /// ρ.
  package let ridge: Double

  /// Creates a problem of so many inner and outer variables, with condition numbers up to `conditioning`.
  package init(inner n: Int = 6, outer d: Int = 3, conditioning: Double = 8, ridge: Double = 0.05) {
    func wave(_ k: Int) -> Double { (Double((k * 7_919 + 104_729) % 1_000) / 1_000 - 0.5) * 2 }
    hessian = (0..<n).map { 1 + (conditioning - 1) * Double($0) / Double(max(1, n - 1)) }
    coupling = (0..<n).map { i in (0..<d).map { j in wave(i * d + j + 1) + (i % d == j ? 1 : 0) } }
    offset = (0..<n).map { 0.3 * wave(1_000 + $0) }
    target = (0..<n).map { wave(2_000 + $0) }
    self.ridge = ridge
  }

  package var outer: Int { coupling[0].count }
  package var mu: Double { hessian.min() ?? 1 }

  /// A bound of ‖B‖, by Frobenius.
  package var couplingNorm: Double {
    coupling.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// The exact inner solution.
  package func solution(_ theta: [Double]) -> [Double] {
    hessian.indices.map { (dot(coupling[$0], theta) + offset[$0]) / hessian[$0] }
  }

  /// The outer loss at an inner point.
  package func loss(_ x: [Double], _ theta: [Double]) -> Double {
    0.5 * zip(x, target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } + 0.5 * ridge * dot(theta, theta)
  }

  /// The true objective.
  package func value(_ theta: [Double]) -> Double { loss(solution(theta), theta) }

  /// The true gradient.
  package func gradient(_ theta: [Double]) -> [Double] { gradient(theta, at: solution(theta), residual: nil) }

  /// The gradient at an inner point, with a residual of the linear system.
  package func gradient(_ theta: [Double], at x: [Double], residual: [Double]?) -> [Double] {
    let q = x.indices.map { (x[$0] - target[$0] + (residual?[$0] ?? 0)) / hessian[$0] }
    return theta.indices.map { j in ridge * theta[j] + q.indices.reduce(0) { $0 + coupling[$1][j] * q[$1] } }
  }

  /// An inner point at exactly this distance from the solution, in a direction that depends on θ alone.
  package func inexactSolution(_ theta: [Double], eps: Double) -> [Double] {
    zip(solution(theta), direction(theta, 0)).map { $0 + eps * $1 }
  }

  /// A residual of this length.
  package func residual(_ theta: [Double], delta: Double) -> [Double] { direction(theta, 1).map { delta * $0 } }

  private func direction(_ theta: [Double], _ salt: UInt64) -> [Double] {
    var random = SplitMix64(seed: theta.reduce(salt) { ($0 &* 31) ^ $1.bitPattern })
    let raw = hessian.map { _ in Double(random.next() >> 11) * 0x1p-52 - 1 }
    let length = dot(raw, raw).squareRoot()
    return raw.map { $0 / length }
  }

  /// Where the objective is least, to rounding: its gradient is linear, so by elimination.
  package var minimiser: [Double] {
    let d = outer
    let none = [Double](repeating: 0, count: d)
    let offset = gradient(none)
    var rows = offset.map { [-$0] }
    for j in 0..<d {
      var unit = none
      unit[j] = 1
      for (i, value) in gradient(unit).enumerated() { rows[i].insert(value - offset[i], at: j) }
    }
    // The matrix is symmetric and positive definite, so no pivot is small.
    for k in 0..<d {
      for i in 0..<d where i != k {
        let factor = rows[i][k] / rows[k][k]
        for j in k...d { rows[i][j] -= factor * rows[k][j] }
      }
    }
    return (0..<d).map { rows[$0][d] / rows[$0][$0] }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
