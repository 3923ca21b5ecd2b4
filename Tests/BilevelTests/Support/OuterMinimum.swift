import Bilevel
import NumericalMethods

extension FoldedObjective {
  /// Minimises f in the default box by L-BFGS on tight hypergradients, warm starts carried along.
  func minimum(
    from start: [Double], range: ClosedRange<Double>? = nil, accuracy: Double = 1e-11,
    options: BoundedLBFGS.Options = .init(gradientTolerance: 1e-9, valueTolerance: 0)
  ) throws -> MinimisationResult {
    let ranges = hyperparameters.map { range ?? $0.range }
    let box = BoxBounds(lower: ranges.map(\.lowerBound), upper: ranges.map(\.upperBound))
    var warmStart: WarmStart?
    return try BoundedLBFGS(bounds: box, options: options).minimise(from: start) { theta, gradient in
      let found = try evaluate(at: theta, innerAccuracy: accuracy, adjointAccuracy: accuracy, from: warmStart)
      warmStart = found.warmStart
      gradient = found.gradient
      return found.value
    }
  }
}
