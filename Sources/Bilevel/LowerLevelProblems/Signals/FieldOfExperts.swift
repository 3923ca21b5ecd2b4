import Foundation
public import NumericalMethods

/// Denoising of images by a field of experts: h = ½‖x − y‖² + Σₖ e^{θₖ}·Σᵢ √((cₖ ⋆ x)ᵢ² + ν²).
///
/// θ holds K logarithmic weights, then the K filters cₖ, each row after row; filters meet the image where they fit whole.
/// The variables are all images one after another, row after row. Strongly convex with μ = 1; how J changes is not bounded
/// here, so that hypergradients are not certified.
/// - Source: Roth and Black, "Fields of experts" (2009); the smoothed absolute value as in Ehrhardt and Roberts (2021).
public struct FieldOfExperts: LowerLevelProblem {
  private let observed: [Double]
  private let responses: FilterResponses
  private let smoothing: Double

  /// The coordinates of θ.
  public let hyperparameters: [Hyperparameter]
  /// The number p of variables x.
  public var variableCount: Int { observed.count }

  /// Where a cold start begins: the noisy images.
  public var coldStart: [Double] { observed }

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - observed: the noisy images y, one after another, row after row.
  ///   - rows: the rows of an image.
  ///   - columns: the columns of an image.
  ///   - filters: where the filters start, each row after row; all equally many rows and columns.
  ///   - smoothing: ν > 0.
  ///   - start: where the logarithmic weights start, within −12 and 6.
  /// - Throws: `invalidData` or `notFinite`.
  public init(
    observed: [Double], rows: Int, columns: Int, filters: [Matrix], smoothing: Double = 0.01, start: Double = -4
  ) throws(BilevelError) {
    guard let first = filters.first, filters.allSatisfy({ $0.rows == first.rows && $0.columns == first.columns }) else {
      throw .invalidData("There is at least one filter, and all have the same shape.")
    }
    guard rows >= first.rows, columns >= first.columns, first.rows > 0, first.columns > 0 else {
      throw .invalidData("A filter has at least one element and fits into an image.")
    }
    let (size, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, !observed.isEmpty, observed.count.isMultiple(of: size) else {
      throw .invalidData("The observations are whole images of \(rows) × \(columns) pixels.")
    }
    guard smoothing > 0, smoothing.isFinite, (-12...6).contains(start) else {
      throw .invalidData("The smoothing is positive, and logarithmic weights start between −12 and 6.")
    }
    try DataChecks.finite(observed, "the observations")
    self.observed = observed
    self.smoothing = smoothing
    responses = FilterResponses(
      rows: rows, columns: columns, filterRows: first.rows, filterColumns: first.columns,
      images: observed.count / size)
    var coordinates = filters.indices.map { Hyperparameter("weight_\($0)", .log, range: -12...6, start: start) }
    for (k, filter) in filters.enumerated() {
      guard filter.isFinite else { throw .notFinite("the filters") }
      for (tap, value) in filter.transposed().elements.enumerated() {
        coordinates.append(
          Hyperparameter("filter_\(k)_\(tap)", .identity, range: min(-10, value)...max(10, value), start: value))
      }
    }
    hyperparameters = coordinates
  }

  /// The weights and filters at θ.
  private func experts(_ theta: [Double]) -> [(weight: Double, filter: [Double])] {
    precondition(theta.count == hyperparameters.count, "There is one value for each hyperparameter")
    let taps = responses.taps
    let count = theta.count / (taps + 1)
    return (0..<count).map { k in
      (exp(theta[k]), Array(theta[count + k * taps..<count + (k + 1) * taps]))
    }
  }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    gradient = x
    axpy(-1, observed, into: &gradient)
    var value = dot(gradient, gradient) / 2
    for (weight, filter) in experts(theta) {
      var response = responses.apply(filter, x)
      var sum = 0.0
      for i in response.indices {
        let s = (response[i] * response[i] + smoothing * smoothing).squareRoot()
        sum += s
        response[i] /= s
      }
      value += weight * sum
      responses.addTransposed(weight, filter, response, into: &gradient)
    }
    return value
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    var (byWeight, byFilter): ([Double], [Double]) = ([], [])
    for (weight, filter) in experts(theta) {
      let response = responses.apply(filter, x)
      let lengths = response.map { ($0 * $0 + smoothing * smoothing).squareRoot() }
      byWeight.append(weight * lengths.reduce(0, +))
      let slopes = response.indices.map { weight * response[$0] / lengths[$0] }
      byFilter += responses.byTaps(slopes, x)
    }
    return byWeight + byFilter
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    Derivatives(
      responses: responses, x: x,
      experts: experts(theta).map { expert in
        let response = responses.apply(expert.filter, x)
        let lengths = response.map { ($0 * $0 + smoothing * smoothing).squareRoot() }
        return Expert(
          weight: expert.weight, filter: expert.filter, slopes: response.indices.map { response[$0] / lengths[$0] },
          curvatures: lengths.map { smoothing * smoothing / ($0 * $0 * $0) })
      })
  }

  /// What is known: μ = 1, and L and L_H with ‖cₖ ⋆‖ ≤ ‖cₖ‖₁.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    var (smoothness, hessianLipschitz) = (1.0, 0.0)
    for (weight, filter) in experts(theta) {
      let norm = filter.reduce(0) { $0 + $1.magnitude }
      smoothness += weight * norm * norm / smoothing
      // √(t² + ν²) has a third derivative of at most 0.8587/ν².
      hessianLipschitz += 0.8587 * weight * norm * norm * norm / (smoothing * smoothing)
    }
    return SmoothnessConstants(strongConvexity: 1, smoothness: smoothness, hessianLipschitz: hessianLipschitz)
  }

  private struct Expert {
    let weight: Double
    let filter: [Double]
    let slopes: [Double]
    let curvatures: [Double]
  }

  private struct Derivatives: SecondDerivatives {
    let responses: FilterResponses
    let x: [Double]
    let experts: [Expert]

    func hessianProduct(_ v: [Double]) -> [Double] {
      var product = v
      for expert in experts {
        var response = responses.apply(expert.filter, v)
        for i in response.indices { response[i] *= expert.curvatures[i] }
        responses.addTransposed(expert.weight, expert.filter, response, into: &product)
      }
      return product
    }

    func crossTransposeProduct(_ q: [Double]) -> [Double] {
      var (byWeight, byFilter): ([Double], [Double]) = ([], [])
      for expert in experts {
        let response = responses.apply(expert.filter, q)
        byWeight.append(expert.weight * dot(expert.slopes, response))
        let bent = response.indices.map { expert.weight * expert.curvatures[$0] * response[$0] }
        var taps = responses.byTaps(bent, x)
        axpy(1, responses.byTaps(expert.slopes.map { expert.weight * $0 }, q), into: &taps)
        byFilter += taps
      }
      return byWeight + byFilter
    }
  }
}
