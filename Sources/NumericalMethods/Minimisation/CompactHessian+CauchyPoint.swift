/// The first local minimiser of the quadratic model along the projected steepest-descent path.
struct CauchyPoint {
  /// The point itself.
  var point: [Double]

  /// Wᵀ(point − x), of length 2k.
  var coordinates: [Double]

  /// The variables strictly between their bounds at the point.
  var free: [Int]
}

extension CompactHessian {
  /// Finds the generalised Cauchy point of the model at x.
  ///
  /// - Complexity: O(dk + b·k² + d log d) for b bounds met on the way.
  /// - Source: Byrd et al. 1995, algorithm CP.
  func cauchyPoint(from x: [Double], gradient: [Double], bounds: BoxBounds) -> CauchyPoint {
    var point = x
    var direction = [Double](repeating: 0, count: x.count)
    var breaks: [(time: Double, index: Int)] = []
    for i in x.indices where gradient[i] != 0 {
      let bound = gradient[i] < 0 ? bounds.upper[i] : bounds.lower[i]
      let time = (x[i] - bound) / gradient[i]
      guard time > 0 else { continue }
      direction[i] = -gradient[i]
      if time < .infinity { breaks.append((time, i)) }
    }
    breaks.sort { $0.time < $1.time }

    var path = PathModel(hessian: self, direction: direction)
    var time = 0.0
    var next = 0
    while next < breaks.count, path.minimiser >= breaks[next].time - time {
      let (breakTime, i) = breaks[next]
      point[i] = gradient[i] < 0 ? bounds.upper[i] : bounds.lower[i]
      path.stop(i, after: breakTime - time, gradient: gradient[i], displacement: point[i] - x[i], hessian: self)
      direction[i] = 0
      time = breakTime
      next += 1
    }
    let remaining = max(0, path.minimiser)
    time += remaining
    for i in x.indices where direction[i] != 0 {
      point[i] = bounds.clamped(x[i] + time * direction[i], i)
    }
    path.advance(by: remaining)
    let free = x.indices.filter { bounds.lower[$0] < point[$0] && point[$0] < bounds.upper[$0] }
    return CauchyPoint(point: point, coordinates: path.coordinates, free: free)
  }
}

/// The quadratic model restricted to one straight piece of the projected path.
private struct PathModel {
  /// Wᵀ times the displacement so far.
  var coordinates: [Double]

  private var momentum: [Double]
  private var slope: Double
  private var curvature: Double
  private let leastCurvature: Double

  init(hessian: CompactHessian, direction: [Double]) {
    momentum = hessian.basis.multiplying(direction, transposing: true)
    coordinates = Array(repeating: 0, count: momentum.count)
    slope = -dot(direction, direction)
    curvature = -hessian.theta * slope - dot(momentum, hessian.multiplyMiddle(momentum))
    // Rounding can leave a curvature that the positive definite model cannot have.
    leastCurvature = -hessian.theta * slope * .ulpOfOne
    curvature = max(curvature, leastCurvature)
  }

  /// How far along this piece the model is least; negative when it rises already.
  var minimiser: Double { slope == 0 ? 0 : -slope / curvature }

  mutating func advance(by time: Double) { axpy(time, momentum, into: &coordinates) }

  /// Goes on to the point where variable `i` meets its bound, and turns into the next piece.
  mutating func stop(_ i: Int, after time: Double, gradient: Double, displacement: Double, hessian: CompactHessian) {
    advance(by: time)
    let row = hessian.basis.row(i)
    let middleRow = hessian.multiplyMiddle(row)
    let theta = hessian.theta
    slope +=
      time * curvature + gradient * gradient + theta * gradient * displacement - gradient * dot(middleRow, coordinates)
    curvature -=
      theta * gradient * gradient + 2 * gradient * dot(middleRow, momentum) + gradient * gradient * dot(middleRow, row)
    curvature = max(curvature, leastCurvature)
    axpy(gradient, row, into: &momentum)
  }
}
