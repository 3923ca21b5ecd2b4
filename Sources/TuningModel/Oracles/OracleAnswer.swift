/// What an oracle found for a trial's request.
///
/// Gradients are in the parameters' natural units, one number for each coordinate: the parameters in their order, vectors
/// component by component. Those of a self-tuning network are by λ and σ instead, in the same order.
public struct OracleAnswer: Hashable, Sendable {
  /// The outer loss at the approximate inner solution, to be minimised.
  public var g: Double
  /// The Euclidean norm of the outer loss's gradient in the inner variables there.
  public var gradGNorm: Double?
  /// The approximate gradient of the objective, d numbers.
  public var z: [Double]?
  /// The gradient at the point of the trial that `warm_from` names, on the samples of this trial; d numbers.
  public var zBefore: [Double]?
  /// The gradient by the standard deviations σ of perturbations, d numbers; of a self-tuning network.
  public var zSigma: [Double]?
  /// How far the inner solution is from the exact one at most; what was asked for where left out.
  public var epsHat: Double?
  /// The residual that the linear system was left with; what was asked for where left out.
  public var deltaHat: Double?
  /// A bound of the gradient's error in the Euclidean norm, where the oracle knows one.
  public var omega: Double?
  /// The constant of strong convexity of the inner loss at this point.
  public var mu: Double?
  /// The distance of the two copies of the inner variables of a fully first-order method.
  public var gap: Double?
  /// What it took.
  public var cost: Cost?
  /// Whether the oracle had lost what it kept between trials and began anew.
  public var reset: Bool

  /// What an evaluation took.
  public struct Cost: Hashable, Sendable {
    /// The number of steps of the inner solver.
    public var inner: Double?
    /// The number of products with a Hessian.
    public var hvp: Double?
    /// The time in seconds.
    public var seconds: Double?

    /// Creates a cost.
    public init(inner: Double? = nil, hvp: Double? = nil, seconds: Double? = nil) {
      (self.inner, self.hvp, self.seconds) = (inner, hvp, seconds)
    }
  }

  /// Creates an answer.
  public init(
    g: Double, gradGNorm: Double? = nil, z: [Double]? = nil, zBefore: [Double]? = nil,
    zSigma: [Double]? = nil, epsHat: Double? = nil,
    deltaHat: Double? = nil, omega: Double? = nil, mu: Double? = nil, gap: Double? = nil, cost: Cost? = nil,
    reset: Bool = false
  ) {
    self.g = g
    self.gradGNorm = gradGNorm
    self.z = z
    self.zBefore = zBefore
    self.zSigma = zSigma
    self.epsHat = epsHat
    self.deltaHat = deltaHat
    self.omega = omega
    self.mu = mu
    self.gap = gap
    self.cost = cost
    self.reset = reset
  }
}

extension OracleAnswer {
  /// What is wrong with it as an answer to a request, with pointers from the result that it is told in.
  ///
  /// - Parameters:
  ///   - request: what was asked for.
  ///   - dimension: the number of coordinates d of the study's space.
  public func mistakes(for request: OracleRequest, dimension: Int) -> [InputMistake] {
    var mistakes: [InputMistake] = []
    func refuse(_ field: String, _ detail: String) {
      mistakes.append(InputMistake(pointer: "/oracle/" + field, detail: detail))
    }
    func check(_ field: String, _ value: Double?, atLeast bound: Double = -.infinity, isStrict: Bool = false) {
      guard let value else { return }
      if !value.isFinite {
        refuse(field, "Must be finite; tell a trial without a finite answer as failed.")
      } else if value < bound || (isStrict && value == bound) {
        refuse(field, "Must be \(isStrict ? "above" : "at least") \(bound), not \(value).")
      }
    }
    check("g", g)
    check("grad_g_norm", gradGNorm, atLeast: 0)
    check("eps_hat", epsHat, atLeast: 0)
    check("delta_hat", deltaHat, atLeast: 0)
    check("omega", omega, atLeast: 0)
    check("mu", mu, atLeast: 0, isStrict: true)
    check("gap", gap, atLeast: 0)
    check("cost/inner", cost?.inner, atLeast: 0)
    check("cost/hvp", cost?.hvp, atLeast: 0)
    check("cost/s", cost?.seconds, atLeast: 0)
    for (field, vector) in [("z", z), ("z_before", zBefore), ("z_sigma", zSigma)] {
      guard let vector else { continue }
      if vector.count != dimension {
        refuse(field, "Must have \(dimension) numbers, one for each coordinate of the space, not \(vector.count).")
      }
      for (index, value) in vector.enumerated() where !value.isFinite && mistakes.count <= InvalidInput.limit {
        refuse("\(field)/\(index)", "Must be finite; tell a trial without a finite answer as failed.")
      }
    }
    for need in request.needs where !has(need) {
      let needs = request.needs.map(\.rawValue).joined(separator: ", ")
      refuse(need.rawValue, "Is missing; the trial's request needs \(needs).")
    }
    return mistakes
  }

  private func has(_ need: OracleRequest.Need) -> Bool {
    switch need {
    case .g: true
    case .z: z != nil
    case .gradGNorm: gradGNorm != nil
    case .zBefore: zBefore != nil
    case .zSigma: zSigma != nil
    case .epsHat: epsHat != nil
    case .deltaHat: deltaHat != nil
    }
  }
}

extension OracleAnswer {
  /// Reads an answer, numbers that are not finite too, which `mistakes` refuses with their meaning; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    func numbers(_ key: String) -> [Double]? {
      object.optional(key)?.array()?.compactMap { $0.extendedNumber() }
    }
    let g = object.required("g")?.extendedNumber()
    gradGNorm = object.optional("grad_g_norm")?.extendedNumber()
    z = numbers("z")
    zBefore = numbers("z_before")
    zSigma = numbers("z_sigma")
    epsHat = object.optional("eps_hat")?.extendedNumber()
    deltaHat = object.optional("delta_hat")?.extendedNumber()
    omega = object.optional("omega")?.extendedNumber()
    mu = object.optional("mu")?.extendedNumber()
    gap = object.optional("gap")?.extendedNumber()
    cost = object.optional("cost").flatMap(Cost.init(reading:))
    reset = object.optional("reset")?.bool() ?? false
    object.finish()
    guard reader.mistakes.all.count == before, let g else { return nil }
    self.g = g
  }

  /// The answer as JSON; `init(reading:)` reads it back.
  public var json: JSONValue {
    .object(omittingNil: [
      "g": .number(g), "grad_g_norm": gradGNorm.map(JSONValue.number),
      "z": z.map { .array($0.map(JSONValue.number)) }, "z_before": zBefore.map { .array($0.map(JSONValue.number)) },
      "z_sigma": zSigma.map { .array($0.map(JSONValue.number)) },
      "eps_hat": epsHat.map(JSONValue.number), "delta_hat": deltaHat.map(JSONValue.number),
      "omega": omega.map(JSONValue.number), "mu": mu.map(JSONValue.number), "gap": gap.map(JSONValue.number),
      "cost": cost?.json, "reset": reset ? true : nil,
    ])
  }
}

extension OracleAnswer.Cost {
  fileprivate init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    inner = object.optional("inner")?.extendedNumber()
    hvp = object.optional("hvp")?.extendedNumber()
    seconds = object.optional("s")?.extendedNumber()
    object.finish()
  }

  fileprivate var json: JSONValue {
    .object(omittingNil: [
      "inner": inner.map(JSONValue.number), "hvp": hvp.map(JSONValue.number), "s": seconds.map(JSONValue.number),
    ])
  }
}
