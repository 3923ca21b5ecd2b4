/// Minimises a smooth function of many variables within bounds.
///
/// L-BFGS-B: a limited-memory quasi-Newton model, a generalised Cauchy point to find the active bounds, a minimisation over
/// the free variables, and a strong-Wolfe line search inside the box. Deterministic.
/// Sources: Byrd, Lu, Nocedal and Zhu, SIAM J. Sci. Comput. 16 (1995) 1190–1208; Morales and Nocedal, ACM TOMS 38 (2011).
public struct BoundedLBFGS: Sendable {
  /// When to stop, and how much to remember.
  public struct Options: Sendable, Equatable, Codable {
    /// The number of steps that the Hessian approximation remembers.
    public var memory: Int

    /// The most iterations.
    public var maximumIterations: Int

    /// The most calls of the objective.
    public var maximumEvaluations: Int

    /// Stops when no coordinate of the projected gradient is larger, in units of the objective per unit of the variable.
    public var gradientTolerance: Double

    /// Stops when an iteration lowers the value by no more than this times max(|old value|, |new value|, 1).
    public var valueTolerance: Double

    /// How far the first trial step goes: the largest share of a variable's finite range that it crosses.
    ///
    /// Where left out it is minus the gradient in a box, else of length one, as in SciPy's L-BFGS-B. That goes by the
    /// units of the objective, and where many variables share a small gradient it is lost in the error of values.
    public var firstStep: Double?

    /// Creates options; the tolerances default to those of SciPy's L-BFGS-B.
    public init(
      memory: Int = 10, maximumIterations: Int = 15_000, maximumEvaluations: Int = 15_000,
      gradientTolerance: Double = 1e-5, valueTolerance: Double = 2.22e-9, firstStep: Double? = nil
    ) {
      self.memory = memory
      self.maximumIterations = maximumIterations
      self.maximumEvaluations = maximumEvaluations
      self.gradientTolerance = gradientTolerance
      self.valueTolerance = valueTolerance
      self.firstStep = firstStep
      precondition(isSound, "The limits must allow something")
    }

    /// Whether the limits allow something.
    var isSound: Bool {
      memory > 0 && maximumIterations >= 0 && maximumEvaluations > 0 && firstStep.map { $0 > 0 && $0 <= 1 } ?? true
    }
  }

  /// The box to stay in; a variable with equal bounds is held fixed.
  public let bounds: BoxBounds

  /// When to stop, and how much to remember.
  public let options: Options

  /// Creates a minimiser.
  public init(bounds: BoxBounds, options: Options = Options()) {
    self.bounds = bounds
    self.options = options
  }

  /// Begins a minimisation that is handed its values one by one.
  ///
  /// - Parameter start: d coordinates, moved into the box first.
  public func descent(from start: [Double]) -> BoundedDescent {
    BoundedDescent(from: start, bounds: bounds, options: options)
  }

  /// Minimises an objective from a start.
  ///
  /// - Parameters:
  ///   - start: d coordinates, moved into the box first.
  ///   - objective: returns the value at a point of the box and writes the gradient, d numbers. Where either is NaN or
  ///     infinite the step is shortened.
  /// - Returns: the lowest point seen that satisfied a line search, or at a limit the lowest seen.
  /// - Throws: what the objective throws.
  /// - Complexity: O(d·memory² + memory³) per iteration besides the objective.
  public func minimise<Failure: Error>(
    from start: [Double],
    _ objective: (_ point: [Double], _ gradient: inout [Double]) throws(Failure) -> Double
  ) throws(Failure) -> MinimisationResult {
    var descent = descent(from: start)
    var gradient = [Double](repeating: 0, count: start.count)
    while let point = descent.next {
      let value = try objective(point, &gradient)
      descent.advance(value: value, gradient: gradient)
    }
    return descent.result
  }
}
