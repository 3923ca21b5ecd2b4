/// A limited-memory BFGS approximation B = θI − W·M·Wᵀ of a Hessian, in compact form.
///
/// With the last k steps S and gradient changes Y as columns, W = [Y θS] is d × 2k and M the inverse of
/// [[−D Lᵀ] [L θSᵀS]], where D is the diagonal and L the part below it of SᵀY.
/// Source: Byrd, Lu, Nocedal and Zhu, "A limited memory algorithm for bound constrained optimization", SIAM J. Sci. Comput.
/// 16 (1995) 1190–1208, equations 3.2 to 3.4.
struct CompactHessian {
  /// The most pairs kept.
  let capacity: Int

  /// The factor θ of the identity.
  private(set) var theta = 1.0

  /// The matrix W, d × 2k.
  private(set) var basis: Matrix

  /// The inverse of M, 2k × 2k.
  private(set) var inverseMiddle = Matrix(rows: 0, columns: 0)

  private var middle: SymmetricIndefiniteFactor?
  private var steps: [[Double]] = []
  private var gradientChanges: [[Double]] = []

  /// An approximation by θ times the identity.
  init(dimensions: Int, capacity: Int, theta: Double = 1) {
    self.capacity = capacity
    self.theta = theta
    self.basis = Matrix(rows: dimensions, columns: 0)
  }

  /// Whether the approximation is a multiple of the identity.
  var isEmpty: Bool { steps.isEmpty }

  /// Forgets every pair but keeps a multiple of the identity: by default the one that suits the last pair.
  mutating func reset(theta newTheta: Double? = nil) {
    let theta = newTheta ?? theta
    let isUsable = theta > 0 && theta.isFinite
    self = CompactHessian(dimensions: basis.rows, capacity: capacity, theta: isUsable ? theta : 1)
  }

  /// The product M·v.
  func multiplyMiddle(_ vector: [Double]) -> [Double] { middle?.solve(vector) ?? [] }

  /// Learns from a step s and the change y of the gradient along it, with sᵀy > 0.
  mutating func update(step: [Double], gradientChange: [Double]) {
    // BFGS does not change when a pair is scaled. With sᵀy = 1 the entries of M⁻¹ stay comparable as steps shrink.
    let scale = 1 / dot(step, gradientChange).squareRoot()
    steps.append(step.map { $0 * scale })
    gradientChanges.append(gradientChange.map { $0 * scale })
    if steps.count > capacity {
      steps.removeFirst()
      gradientChanges.removeFirst()
    }
    let newest = gradientChanges[gradientChanges.count - 1]
    theta = dot(newest, newest)
    assemble()
    if middle == nil || !(theta > 0 && theta.isFinite) { reset() }
  }

  /// Whether it is of d variables.
  func isSound(_ d: Int) -> Bool { basis.rows == d }

  private mutating func assemble() {
    let (d, k) = (basis.rows, steps.count)
    let s = Matrix(rows: d, columns: k, elements: Array(steps.joined()))
    let y = Matrix(rows: d, columns: k, elements: Array(gradientChanges.joined()))
    basis = y.appendingColumns(theta * s)
    let inner = s.multiplying(y, transposing: .left)
    let gram = s.gram(of: .columns)
    inverseMiddle = Matrix(rows: 2 * k, columns: 2 * k)
    for j in 0..<k {
      inverseMiddle[j, j] = -inner[j, j]
      for i in j..<k { inverseMiddle[k + i, k + j] = theta * gram[i, j] }
      for i in j + 1..<max(k, j + 1) { inverseMiddle[k + i, j] = inner[i, j] }
    }
    middle = SymmetricIndefiniteFactor(inverseMiddle)
  }
}

extension CompactHessian: Codable {
  private enum Key: CodingKey { case dimensions, capacity, theta, steps, gradientChanges }

  /// Writes the pairs, from which the rest follows.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(basis.rows, forKey: .dimensions)
    try container.encode(capacity, forKey: .capacity)
    try container.encode(theta, forKey: .theta)
    try container.encode(steps, forKey: .steps)
    try container.encode(gradientChanges, forKey: .gradientChanges)
  }

  /// Reads what `encode` wrote.
  ///
  /// - Throws: `DecodingError` where the parts do not fit together.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let dimensions = try container.decode(Int.self, forKey: .dimensions)
    let capacity = try container.decode(Int.self, forKey: .capacity)
    let steps = try container.decode([[Double]].self, forKey: .steps)
    let changes = try container.decode([[Double]].self, forKey: .gradientChanges)
    let vectors = steps + changes
    guard dimensions >= 0, capacity > 0, steps.count == changes.count, steps.count <= capacity,
      vectors.allSatisfy({ $0.count == dimensions && $0.allSatisfy(\.isFinite) })
    else {
      throw DecodingError.dataCorruptedError(forKey: .steps, in: container, debugDescription: "Pairs that do not fit.")
    }
    self.init(dimensions: dimensions, capacity: capacity, theta: try container.decode(Double.self, forKey: .theta))
    if steps.isEmpty { return }
    self.steps = steps
    gradientChanges = changes
    assemble()
    if middle == nil || !(theta > 0 && theta.isFinite) { reset() }
  }
}
