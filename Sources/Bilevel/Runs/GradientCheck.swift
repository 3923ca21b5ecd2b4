import Foundation
import NumericalMethods
import TuningModel

/// A gradient held against finite differences, component by component.
public struct GradientCheck: Sendable {
  /// One component, or one pair of products that have to agree.
  public struct Entry: Hashable, Sendable {
    /// What is compared.
    public var name: String
    /// What is claimed.
    public var claimed: Double
    /// What differences, or the other product, say.
    public var measured: Double
    /// The distance of both over the larger of them and a hundredth of the largest of all.
    public var mismatch: Double

    /// Creates an entry; `scale` is the largest magnitude of those it stands among.
    public init(_ name: String, claimed: Double, measured: Double, scale: Double) {
      self.name = name
      self.claimed = claimed
      self.measured = measured
      let size = max(claimed.magnitude, measured.magnitude, 0.01 * scale, 1e-300)
      let gap = (claimed - measured).magnitude / size
      mismatch = gap.isNaN ? .infinity : gap
    }
  }

  /// The entries.
  public var entries: [Entry] = []
  /// The greatest mismatch that passes.
  public var tolerance: Double

  /// Creates a check without entries.
  public init(tolerance: Double) { self.tolerance = tolerance }

  /// The entries that do not agree.
  public var failures: [Entry] { entries.filter { $0.mismatch > tolerance } }

  /// Adds components that belong together.
  public mutating func add(_ rows: [(name: String, claimed: Double, measured: Double)]) {
    let scale = rows.reduce(0) { max($0, $1.claimed.magnitude, $1.measured.magnitude) }
    entries += rows.map { Entry($0.name, claimed: $0.claimed, measured: $0.measured, scale: scale) }
  }
}

extension BilevelProblem {
  /// Holds the derivatives of a problem against differences at θ, and its products against their adjoints.
  ///
  /// Where h has kinks or bounds only the hypergradient is checked, away from them.
  /// - Parameters:
  ///   - theta: d numbers.
  ///   - names: what to call the coordinates, d of them.
  ///   - run: solves the lower level.
  ///   - most: the most coordinates that are checked each on its own; beyond, the first ones and a sum over all.
  ///   - tolerance: the greatest mismatch that passes.
  /// - Throws: what solvers throw.
  public func gradientCheck(
    at theta: [Double], names: [String], by run: BilevelRun, most: Int = 20, tolerance: Double = 1e-4
  ) throws(BilevelRunError) -> GradientCheck {
    var check = GradientCheck(tolerance: tolerance)
    let claimed = try run.certified(at: theta, accuracy: 1e-11).answer.z ?? []
    func slope(_ direction: [Double]) throws(BilevelRunError) -> Double {
      let step = 1e-4
      var (up, down) = (theta, theta)
      axpy(step, direction, into: &up)
      axpy(-step, direction, into: &down)
      let values = (
        try run.certified(at: up, accuracy: 1e-11).answer.g, try run.certified(at: down, accuracy: 1e-11).answer.g
      )
      return (values.0 - values.1) / (2 * step)
    }
    var rows: [(name: String, claimed: Double, measured: Double)] = []
    for j in theta.indices.prefix(most) {
      var unit = [Double](repeating: 0, count: theta.count)
      unit[j] = 1
      rows.append(("z[\(names[j])]", claimed[j], try slope(unit)))
    }
    let mixed = theta.indices.map { sin(Double(3 * $0 + 1)) }
    rows.append(("z along a direction", dot(claimed, mixed), try slope(mixed)))
    check.add(rows)
    if !(lower is any CoordinatewiseProblem) { addProducts(to: &check, at: theta, x: try solution(run, theta)) }
    return check
  }

  private func solution(_ run: BilevelRun, _ theta: [Double]) throws(BilevelRunError) -> [Double] {
    // Not at the solution, where gradients vanish and hide mistakes.
    try run.refitted(lower, at: theta, accuracy: 1e-3).x.enumerated().map { $1 + 0.05 * sin(Double($0 + 1)) }
  }

  /// Compares ∇h, Hv, Jᵀq and ∇ₓg with differences, and ⟨Hv, w⟩ with ⟨v, Hw⟩.
  private func addProducts(to check: inout GradientCheck, at theta: [Double], x: [Double]) {
    let p = x.count
    let length = max(1, Double(p).squareRoot())
    let v = (0..<p).map { sin(Double($0 + 1)) / length }
    let w = (0..<p).map { cos(Double(2 * $0 + 1)) / length }
    let mixed = theta.indices.map { sin(Double(3 * $0 + 1)) / max(1, Double(theta.count).squareRoot()) }
    let step = 1e-5
    func moved(_ point: [Double], _ by: Double, _ direction: [Double]) -> [Double] {
      var result = point
      axpy(by, direction, into: &result)
      return result
    }
    func inner(_ x: [Double], _ theta: [Double]) -> (Double, [Double]) {
      var gradient = x
      let value = lower.evaluate(at: x, theta: theta, gradient: &gradient)
      return (value, gradient)
    }
    let (up, down) = (inner(moved(x, step, v), theta), inner(moved(x, -step, v), theta))
    let derivatives = lower.derivatives(at: x, theta: theta)
    let product = derivatives.hessianProduct(v)
    check.add([("grad h along a direction", dot(inner(x, theta).1, v), (up.0 - down.0) / (2 * step))])
    let curved = zip(up.1, down.1).map { ($0 - $1) / (2 * step) }
    check.add([("H v along w", dot(product, w), dot(curved, w)), ("v H v", dot(product, v), dot(curved, v))])
    check.add([("adjoint of H: <v, H w> and <H v, w>", dot(product, w), dot(v, derivatives.hessianProduct(w)))])
    let (high, low) = (inner(x, moved(theta, step, mixed)).1, inner(x, moved(theta, -step, mixed)).1)
    let cross = zip(high, low).map { ($0 - $1) / (2 * step) }
    check.add([
      ("adjoint of J: <w, J u> and <J' w, u>", dot(derivatives.crossTransposeProduct(w), mixed), dot(cross, w))
    ])
    let outer = upper.evaluate(at: x, theta: theta)
    let outerSlope =
      (upper.evaluate(at: moved(x, step, v), theta: theta).value
        - upper.evaluate(at: moved(x, -step, v), theta: theta).value) / (2 * step)
    check.add([("grad g along a direction", dot(outer.gradient, v), outerSlope)])
    if let gradient = outer.hyperparameterGradient {
      let slope =
        (upper.evaluate(at: x, theta: moved(theta, step, mixed)).value
          - upper.evaluate(at: x, theta: moved(theta, -step, mixed)).value) / (2 * step)
      check.add([("grad g by theta along a direction", dot(gradient, mixed), slope)])
    }
  }
}
