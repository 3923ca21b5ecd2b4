import CKernels
import Foundation
public import NumericalMethods

/// What a Gaussian process believes of its noiseless function, perhaps given that pending points will be measured too.
///
/// A pending point's value is not known, so it moves no mean; that it will be known takes variance away. Given values
/// f_P = μ_P + L_P·z at the q pending points, with z standard normal, the mean at x becomes μ(x) + w(x)ᵀz, and the variance
/// does not depend on z: so sampling z covers all that pending trials may bring (`innovations` are the w).
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | L | factor of the joint covariance, observations first | [n + q, n + q] |
/// | v | L⁻¹k(x), whose last q entries are w | [n + q] |
///
/// - Source: Ginsbourger, Le Riche, Carraro 2010, "Kriging is well-suited to parallelize optimization", sections 3–4.
public struct Posterior: Sendable {
  /// The process.
  public let process: GaussianProcess
  /// The number of pending points q.
  public let pendingCount: Int
  /// The means of the pending points, [q].
  public let pendingMeans: [Double]
  /// L_P, [q, q]: pending values are `pendingMeans` + L_P·z.
  public let pendingFactor: Matrix
  let covariance: any InputCovariance
  let factor: CholeskyFactor
  /// α with q zeros after it.
  let weights: [Double]

  /// The belief given the observations alone.
  public init(_ process: GaussianProcess) {
    self.init(
      process: process, pendingMeans: [], pendingFactor: Matrix(rows: 0, columns: 0), covariance: process.covariance,
      factor: process.conditioning.factor)
  }

  private init(
    process: GaussianProcess, pendingMeans: [Double], pendingFactor: Matrix, covariance: any InputCovariance,
    factor: CholeskyFactor
  ) {
    self.process = process
    pendingCount = pendingMeans.count
    self.pendingMeans = pendingMeans
    self.pendingFactor = pendingFactor
    self.covariance = covariance
    self.factor = factor
    weights = process.conditioning.weights + [Double](repeating: 0, count: pendingMeans.count)
  }

  /// The belief given the observations, and that q points will be measured.
  ///
  /// Pending points are told apart by a nugget of at least 1e-6 of the signal variance, more where they coincide.
  /// - Throws: `notPositiveDefinite` when even a nugget of 0.1 is not enough.
  /// - Complexity: n²q flops.
  public init(_ process: GaussianProcess, pending: Inputs) throws(GaussianProcessError) {
    guard pending.count > 0 else {
      self.init(process)
      return
    }
    let q = pending.count
    let n = process.observations.count
    let cross = process.covariance.cross(pending)
    let block = process.kernel.covariance(at: pending, process.hyperparameters).matrix()
    var nugget = 1e-6 * process.covariance.variance
    var attempt: CholeskyFactor?
    while attempt == nil {
      var bordered = block
      bordered.addToDiagonal(nugget)
      do throws(LinearAlgebraError) {
        attempt = try process.conditioning.factor.appending(cross: cross, block: bordered)
      } catch {
        guard nugget < 0.1 * process.covariance.variance else { throw GaussianProcessError(error) }
        nugget *= 10
      }
    }
    guard let joint = attempt else { throw .notFinite }
    self.init(
      process: process,
      pendingMeans: process.addingPriorMean(
        to: cross.multiplying(process.conditioning.weights, transposing: true), at: pending),
      pendingFactor: joint.lower.submatrix(rows: n..<n + q, columns: n..<n + q),
      covariance: process.covariance.appending(pending), factor: joint)
  }

  /// The mean and variance at m points.
  public struct Moments: Sendable {
    /// Means, [m], in units of the targets.
    public var means: [Double]
    /// Variances of the noiseless function, [m], not negative.
    public var variances: [Double]
    /// The vectors w, [q, m].
    public var innovations: Matrix
  }

  /// The moments at m points.
  ///
  /// - Complexity: n²m + nmp flops, sixteen points side by side.
  public func moments(at points: Inputs) -> Moments {
    let m = points.count
    var pulls = [Double](repeating: 0, count: m)
    var variances = [Double](repeating: 0, count: m)
    let innovations = Matrix(rows: pendingCount, columns: m) { target in
      for range in (0..<m).lanes {
        let lanes = PosteriorLanes(
          self, count: range.count, covariances: covariance.cross(PointLanes(points, range)))
        for (lane, index) in range.enumerated() {
          pulls[index] = lanes.pulls[lane]
          variances[index] = lanes.variances[lane]
        }
        lanes.copyInnovations(pendingCount, to: target, from: range.lowerBound)
      }
    }
    return Moments(
      means: process.addingPriorMean(to: pulls, at: points), variances: variances, innovations: innovations)
  }

  /// The means at m points alone, [m], the same as among the moments: without a variance there is nothing to solve.
  ///
  /// - Complexity: O(nmp) flops.
  public func means(at points: Inputs) -> [Double] {
    let pulls = (0..<points.count).lanes.flatMap { range in
      let cross = covariance.cross(PointLanes(points, range))
      var sums = [Double](repeating: 0, count: cross.rows)
      cross.withUnsafeElements { ckernels_lanes_sums(cross.rows, cross.columns, weights, $0.baseAddress, &sums) }
      return sums.prefix(range.count)
    }
    return process.addingPriorMean(to: pulls, at: points)
  }

  /// The joint distribution of the noiseless function at q points.
  ///
  /// - Returns: means [q] and covariance [q, q], symmetric.
  /// - Complexity: n²q + nq² flops.
  public func joint(at points: Inputs) -> (means: [Double], covariance: Matrix) {
    let cross = covariance.cross(points)
    let means = process.addingPriorMean(to: cross.multiplying(weights, transposing: true), at: points)
    let whitened = factor.solveLower(cross)
    var result = process.kernel.covariance(at: points, process.hyperparameters).matrix()
    result.gemm(alpha: -1, whitened, whitened, transposing: .left, beta: 1)
    result.mirrorLowerTriangle()
    return (means, result)
  }
}
