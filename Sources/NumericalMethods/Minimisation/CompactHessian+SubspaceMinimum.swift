extension CompactHessian {
  /// Minimises the model over the variables that are free at the Cauchy point, within the bounds.
  ///
  /// - Returns: the minimiser, or nil when the system to solve is singular to working precision.
  /// - Complexity: O(dk² + k³).
  /// - Sources: Byrd et al. 1995, section 5.1, direct primal method, with the projection of Morales and Nocedal, "Remark on
  ///   algorithm 778", ACM TOMS 38 (2011).
  func subspaceMinimum(
    from x: [Double], gradient: [Double], cauchyPoint: CauchyPoint, bounds: BoxBounds
  ) -> [Double]? {
    let free = cauchyPoint.free
    guard !isEmpty, !free.isEmpty else { return cauchyPoint.point }
    let point = cauchyPoint.point
    let correction = basis.multiplying(multiplyMiddle(cauchyPoint.coordinates))
    let residual = free.map { gradient[$0] + theta * (point[$0] - x[$0]) - correction[$0] }

    // (θI − VMVᵀ)⁻¹ = I/θ + V(M⁻¹ − VᵀV/θ)⁻¹Vᵀ/θ² for the rows V of W at the free variables.
    let rows = free.count == x.count ? basis : basis.rows(at: free)
    var system = inverseMiddle
    system.axpy(-1 / theta, rows.gram(of: .columns))
    guard let factor = SymmetricIndefiniteFactor(system) else { return nil }
    let inner = rows.multiplying(factor.solve(rows.multiplying(residual, transposing: true)))
    let step = free.indices.map { -(residual[$0] + inner[$0] / theta) / theta }

    var projected = point
    for (k, i) in free.enumerated() { projected[i] = bounds.clamped(point[i] + step[k], i) }
    let slope = x.indices.reduce(0) { $0 + gradient[$1] * (projected[$1] - x[$1]) }
    if slope < 0 { return projected }
    return truncated(step, from: cauchyPoint, bounds: bounds)
  }

  /// Follows a step from the Cauchy point as far as the bounds allow, for when projecting it would go uphill.
  private func truncated(_ step: [Double], from cauchyPoint: CauchyPoint, bounds: BoxBounds) -> [Double] {
    var point = cauchyPoint.point
    var fraction = 1.0
    for (k, i) in cauchyPoint.free.enumerated() where step[k] != 0 {
      let bound = step[k] > 0 ? bounds.upper[i] : bounds.lower[i]
      fraction = min(fraction, (bound - point[i]) / step[k])
    }
    for (k, i) in cauchyPoint.free.enumerated() { point[i] = bounds.clamped(point[i] + fraction * step[k], i) }
    return point
  }
}
