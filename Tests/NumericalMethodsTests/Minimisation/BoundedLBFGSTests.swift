import Foundation
import NumericalMethods
import TestSupport
import Testing

@Suite("Bounded L-BFGS")
struct BoundedLBFGSTests {
  @Test("The minimum of a random convex quadratic in a random box satisfies the optimality conditions")
  func optimalityConditions() {
    for seed in UInt64(0)..<40 {
      var generator = SplitMix64(seed: seed)
      let d = Int.random(in: 1...30, using: &generator)
      let hessian = Matrix.randomPositiveDefinite(d, using: &generator)
      let centre = (0..<d).map { _ in Double.random(in: -2...2, using: &generator) }
      // A fifth of the variables has no lower bound, a fifth no upper one, a fifth is fixed.
      let kinds = (0..<d).map { _ in Int.random(in: 0..<5, using: &generator) }
      let low = (0..<d).map { _ in Double.random(in: -1...0, using: &generator) }
      let bounds = BoxBounds(
        lower: (0..<d).map { kinds[$0] == 0 ? -.infinity : low[$0] },
        upper: (0..<d).map { kinds[$0] == 1 ? .infinity : (kinds[$0] == 2 ? low[$0] : 1) }.enumerated().map {
          max($0.element, low[$0.offset])
        })
      let options = BoundedLBFGS.Options(gradientTolerance: 1e-8, valueTolerance: 0)
      let result = BoundedLBFGS(bounds: bounds, options: options).minimise(from: centre) { x, gradient in
        let offset = zip(x, centre).map { $0 - $1 }
        gradient = hessian.multiplying(offset)
        return 0.5 * dot(offset, gradient)
      }
      #expect(bounds.contains(result.point), "seed \(seed)")
      let gradient = hessian.multiplying(zip(result.point, centre).map { $0 - $1 })
      for i in 0..<d {
        let (x, slope) = (result.point[i], gradient[i])
        if x > bounds.lower[i] { #expect(slope < 1e-6, "seed \(seed), variable \(i)") }
        if x < bounds.upper[i] { #expect(slope > -1e-6, "seed \(seed), variable \(i)") }
      }
    }
  }

  @Test("A constant function ends where it starts, after one evaluation")
  func constant() {
    let result = BoundedLBFGS(bounds: .unitCube(dimensions: 3)).minimise(from: [0.1, 0.2, 0.3]) { _, gradient in
      gradient = [0, 0, 0]
      return 7
    }
    #expect(result.point == [0.1, 0.2, 0.3] && result.value == 7)
    #expect(result.evaluations == 1 && result.termination == .gradientTolerance)
  }

  @Test("Without variables, or with fixed ones only, the start is the minimum", arguments: [[], [0.3, 0.4]])
  func nothingToVary(point: [Double]) {
    let result = BoundedLBFGS(bounds: BoxBounds(lower: point, upper: point)).minimise(from: point) { _, gradient in
      for i in gradient.indices { gradient[i] = 5 }
      return 1
    }
    #expect(result.point == point && result.termination == .gradientTolerance && result.evaluations == 1)
  }

  @Test("A start outside the box is projected before the first evaluation")
  func projection() {
    let bounds = BoxBounds(lower: [0, -1], upper: [1, .infinity])
    let result = BoundedLBFGS(bounds: bounds).minimise(from: [.infinity, -.infinity]) { x, gradient in
      #expect(bounds.contains(x))
      gradient = x.map { 2 * ($0 - 0.25) }
      return x.reduce(0) { $0 + ($1 - 0.25) * ($1 - 0.25) }
    }
    #expect(distance(result.point, [0.25, 0.25]) < 1e-6)
  }

  @Test("Steps into a region of NaN or infinity are shortened", arguments: [Double.nan, .infinity, -.infinity])
  func notFiniteRegion(value: Double) {
    // −log(1 − x) + x² exists for x < 1; the first steps overshoot it.
    let result = BoundedLBFGS(bounds: .unbounded(dimensions: 2)).minimise(from: [-30, 0.9]) { x, gradient in
      guard x.allSatisfy({ $0 < 1 }) else {
        gradient = [value, value]
        return value
      }
      gradient = x.map { 1 / (1 - $0) + 2 * ($0 - 2) }
      return x.reduce(0) { $0 - log(1 - $1) + ($1 - 2) * ($1 - 2) }
    }
    // 1 / (1 − x) = 2(2 − x) at x = (3 − √3) / 2
    #expect(result.hasConverged)
    #expect(distance(result.point, Array(repeating: (3 - 3.0.squareRoot()) / 2, count: 2)) < 1e-5)
  }

  @Test("A gradient that is not finite counts like a value that is not")
  func notFiniteGradient() {
    let result = BoundedLBFGS(bounds: .unbounded(dimensions: 1)).minimise(from: [0.5]) { x, gradient in
      gradient = [x[0] > 0.4 ? 2 * x[0] : .nan]
      return x[0] * x[0]
    }
    #expect(result.point[0] > 0.4 && result.point[0] < 0.45)
    #expect(result.gradientNorm.isFinite)
  }

  @Test("A start that cannot be evaluated is reported, not descended from")
  func notFiniteStart() {
    let minimiser = BoundedLBFGS(bounds: .unbounded(dimensions: 1))
    let nanValue = minimiser.minimise(from: [1]) { _, gradient in
      gradient = [1]
      return .nan
    }
    #expect(nanValue.termination == .notFiniteAtStart && nanValue.evaluations == 1)
    let nanStart = minimiser.minimise(from: [.nan]) { _, _ in 0 }
    #expect(nanStart.termination == .notFiniteAtStart && nanStart.evaluations == 0)
  }

  @Test("A step down behind a discontinuity does no harm")
  func discontinuity() {
    let result = BoundedLBFGS(bounds: .unitCube(dimensions: 2)).minimise(from: [0.9, 0.8]) { x, gradient in
      gradient = x.map { 2 * ($0 - 0.2) }
      return x.reduce(x[0] > 0.5 ? 10 : 0) { $0 + ($1 - 0.2) * ($1 - 0.2) }
    }
    #expect(distance(result.point, [0.2, 0.2]) < 1e-4)
  }

  @Test("A gradient of the wrong sign ends the search at the start")
  func wrongGradient() {
    let result = BoundedLBFGS(bounds: .unbounded(dimensions: 1)).minimise(from: [1]) { x, gradient in
      gradient = [-2 * x[0]]
      return x[0] * x[0]
    }
    #expect(result.termination == .noProgress && result.point == [1] && result.value == 1)
  }

  @Test("A function without a lower bound ends with a typed reason")
  func unboundedBelow() {
    let options = BoundedLBFGS.Options(maximumIterations: 50)
    let result = BoundedLBFGS(bounds: .unbounded(dimensions: 1), options: options).minimise(from: [1]) { x, gradient in
      gradient = [-3 * x[0] * x[0]]
      return -x[0] * x[0] * x[0]
    }
    #expect(!result.hasConverged && result.value.isFinite && result.value < -1e6)
  }

  @Test("The limits on iterations and evaluations are kept", arguments: 1...12)
  func limits(limit: Int) {
    var calls = 0
    let start = [-1.2, 1.0]
    let objective = { (x: [Double], gradient: inout [Double]) -> Double in
      calls += 1
      return Objectives.rosenbrock(x, &gradient)
    }
    let bounds = BoxBounds.unbounded(dimensions: 2)
    let byEvaluations = BoundedLBFGS(bounds: bounds, options: .init(maximumEvaluations: limit))
      .minimise(from: start, objective)
    #expect(byEvaluations.termination == .evaluationLimit)
    #expect(byEvaluations.evaluations == limit && calls == limit)
    let byIterations = BoundedLBFGS(bounds: bounds, options: .init(maximumIterations: limit))
      .minimise(from: start, objective)
    #expect(byIterations.termination == .iterationLimit && byIterations.iterations == limit)
    #expect(byIterations.value < 24.2)
  }

  @Test("What the objective throws ends the minimisation")
  func throwing() {
    struct Cancelled: Error {}
    #expect(throws: Cancelled.self) {
      try BoundedLBFGS(bounds: .unitCube(dimensions: 1)).minimise(from: [0.5]) { _, _ in throw Cancelled() }
    }
  }

  @Test("Objectives at extreme scales are minimised", arguments: [1e-99, 1e-20, 1, 1e20, 1e99])
  func extremeValues(scale: Double) {
    let options = BoundedLBFGS.Options(gradientTolerance: 1e-6 * scale, valueTolerance: 0)
    let minimiser = BoundedLBFGS(bounds: .unbounded(dimensions: 2), options: options)
    let result = minimiser.minimise(from: [-1.2, 1]) { x, gradient in
      let value = scale * Objectives.rosenbrock(x, &gradient)
      for i in gradient.indices { gradient[i] *= scale }
      return value
    }
    #expect(distance(result.point, [1, 1]) < 1e-5, "\(result)")
  }

  @Test("Variables at extreme scales are minimised, in a box or without", arguments: [1e-40, 1e-10, 1, 1e10, 1e40])
  func extremeVariables(scale: Double) {
    let options = BoundedLBFGS.Options(gradientTolerance: 0, valueTolerance: 1e-15)
    let box = BoxBounds(lower: [-2 * scale, -2 * scale], upper: [2 * scale, 2 * scale])
    for bounds in [box, .unbounded(dimensions: 2)] {
      let result = BoundedLBFGS(bounds: bounds, options: options).minimise(from: [-1.2 * scale, scale]) { x, gradient in
        let value = Objectives.rosenbrock(x.map { $0 / scale }, &gradient)
        for i in gradient.indices { gradient[i] /= scale }
        return value
      }
      #expect(distance(result.point.map { $0 / scale }, [1, 1]) < 1e-5, "\(result)")
    }
  }

  @Test("An objective that answers noise, of any size or none, leads to a point of the box no worse than the start")
  func noise() {
    for seed in UInt64(0)..<200 {
      var generator = SplitMix64(seed: seed)
      let d = Int.random(in: 1...6, using: &generator)
      func noise() -> Double {
        let value =
          Double.random(in: -1...1, using: &generator) * pow(10, Double.random(in: -300...308, using: &generator))
        return Int.random(in: 0..<20, using: &generator) == 0 ? .nan : value
      }
      let bounds = BoxBounds(
        lower: (0..<d).map { _ in
          Bool.random(using: &generator) ? -.infinity : Double.random(in: -9...0, using: &generator)
        },
        upper: (0..<d).map { _ in
          Bool.random(using: &generator) ? .infinity : Double.random(in: 0...9, using: &generator)
        })
      var first = Double.nan
      let options = BoundedLBFGS.Options(maximumEvaluations: 300)
      let result = BoundedLBFGS(bounds: bounds, options: options)
        .minimise(from: Array(repeating: 0, count: d)) { _, gradient in
          for i in 0..<d { gradient[i] = noise() }
          let value = noise()
          if first.isNaN { first = value }
          return value
        }
      #expect(bounds.contains(result.point), "seed \(seed)")
      if result.termination != .notFiniteAtStart { #expect(result.value <= first, "seed \(seed)") }
    }
  }

  @Test(
    "A first step that is given as a share of the box crosses it, in any units of the objective",
    arguments: [1e-30, 1e-3, 1, 1e30])
  func firstStep(scale: Double) {
    let bounds = BoxBounds(lower: [-10, 0, 5, 0], upper: [10, 1, 5, .infinity])
    let options = BoundedLBFGS.Options(gradientTolerance: 0, firstStep: 0.1)
    var descent = BoundedLBFGS(bounds: bounds, options: options).descent(from: [4, 1, 5, 3])
    // The second variable would have to leave the box, and the third is held fixed.
    descent.advance(value: 0, gradient: [scale, -scale, scale, scale / 2])
    let start = [4.0, 1, 5, 3]
    let step = zip(descent.next ?? [], start).map { $0 - $1 }
    for (found, wanted) in zip(step, [-2.0, 0, 0, -1]) { #expect(abs(found - wanted) < 1e-12) }
    #expect(step.count == 4)
  }

  @Test(
    "A given first step stays in the box for gradients of any size, and the search comes to an end",
    arguments: [1e-300, Double.leastNonzeroMagnitude, 1e99, 1e307, 1.7e308], [1e-300, 1, 1e300])
  func firstStepAtExtremes(slope: Double, width: Double) {
    let bounds = BoxBounds(lower: [0, 0], upper: [width, width])
    let options = BoundedLBFGS.Options(maximumEvaluations: 200, gradientTolerance: 0, firstStep: 0.1)
    var descent = BoundedLBFGS(bounds: bounds, options: options).descent(from: [width / 2, width / 2])
    while let point = descent.next {
      #expect(bounds.contains(point))
      descent.advance(value: (point[0] / width) * min(slope, 1e300), gradient: [slope, -slope])
    }
    #expect(bounds.contains(descent.result.point))
  }

  @Test("A given first step is not lost where a thousand small changes hide in the error of values")
  func firstStepBeyondErrors() {
    let d = 1_000
    let box = BoxBounds(lower: Array(repeating: -10, count: d), upper: Array(repeating: 10, count: d))
    /// The value that five evaluations lead to.
    func value(firstStep: Double?) -> Double {
      var descent = BoundedLBFGS(bounds: box, options: BoundedLBFGS.Options(firstStep: firstStep))
        .descent(from: Array(repeating: 0, count: d))
      for _ in 0..<5 {
        guard let point = descent.next else { break }
        let exact = point.reduce(0) { $0 + ($1 - 3) * ($1 - 3) } / Double(d)
        descent.advance(value: (exact * 10).rounded() / 10, gradient: point.map { 2 * ($0 - 3) / Double(d) })
      }
      return descent.result.value
    }
    #expect(value(firstStep: nil) == 9)
    #expect(value(firstStep: 0.1) < 0.1)
  }

  @Test("Descents that go on side by side take the paths that they take alone")
  func sideBySide() {
    let minimiser = BoundedLBFGS(bounds: .unbounded(dimensions: 2))
    let starts = [[-1.2, 1], [0, 0], [3, -4], [1, 1]]
    var descents = starts.map(minimiser.descent)
    while descents.contains(where: { $0.next != nil }) {
      for index in descents.indices {
        guard let point = descents[index].next else { continue }
        var gradient = [0.0, 0.0]
        let value = Objectives.rosenbrock(point, &gradient)
        descents[index].advance(value: value, gradient: gradient)
      }
    }
    for (start, descent) in zip(starts, descents) {
      #expect(descent.result == minimiser.minimise(from: start, Objectives.rosenbrock))
      #expect(descent.result.hasConverged)
    }
  }

  @Test("Minimising twice takes the same path")
  func determinism() {
    let minimiser = BoundedLBFGS(bounds: .unbounded(dimensions: 10))
    let start = (0..<10).map { 0.1 * Double($0) }
    #expect(
      minimiser.minimise(from: start, Objectives.rosenbrock) == minimiser.minimise(from: start, Objectives.rosenbrock))
  }
}
