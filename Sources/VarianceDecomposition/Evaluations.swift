public import TuningModel

/// Values of a metric at points of a search space, column by column.
///
/// A coordinate is a position in the encoded unit cube, of an unordered parameter the index of the value; an inactive one
/// is NaN. Beyond a capacity the evaluations are a uniform sample of those that were added.
public struct Evaluations: Sendable {
  /// The coordinates of the space.
  public let encoding: UnitCubeEncoding
  /// For each coordinate its value in every evaluation.
  private(set) var columns: [[Double]]
  /// The metric in every evaluation.
  private(set) var values: [Double] = []
  /// How many were added.
  public private(set) var count = 0

  private let capacity: Int
  private var random: RandomStream

  /// The most coordinates that are held.
  static let coordinateLimit = 4_000_000

  /// Begins without evaluations.
  ///
  /// - Parameter capacity: how many are held at most; as many as the limit on coordinates allows where it is left out.
  public init(in space: SearchSpace, seed: StudySeed, capacity: Int? = nil) {
    encoding = UnitCubeEncoding(space)
    columns = Array(repeating: [], count: encoding.dimension)
    self.capacity = capacity ?? max(64, Self.coordinateLimit / max(1, encoding.dimension))
    random = RandomStream(seed: seed, trial: 0, purpose: .importance)
  }

  /// Adds a finite value at a point.
  public mutating func add(_ parameters: Parameters, _ value: Double) {
    count += 1
    let point = encoding.encode(parameters)
    let active = encoding.activity(at: point)
    let coordinates = point.indices.map { slot in
      guard active[slot] else { return Double.nan }
      let kind = encoding.slots[slot].kind
      return kind.isOrdered ? point[slot] : Double(kind.level(at: point[slot]))
    }
    if values.count < capacity {
      for slot in columns.indices { columns[slot].append(coordinates[slot]) }
      values.append(value)
      return
    }
    // Vitter's reservoir: whoever comes as the k-th takes a place with probability capacity / k.
    let place = random.index(below: count)
    guard place < capacity else { return }
    for slot in columns.indices { columns[slot][place] = coordinates[slot] }
    values[place] = value
  }

  /// The values as costs that are no larger than the best `share` of them: worse ones count as the worst of these.
  mutating func keepBest(_ share: Double, of objective: Objective) {
    let costs = values.map(objective.cost(of:))
    let kept = min(max(Int((share * Double(costs.count)).rounded(.up)), 1), costs.count)
    guard kept < costs.count else { return }
    let limit = costs.sorted()[kept - 1]
    values = costs.map { objective.value(ofCost: min($0, limit)) }
  }

  /// The values with mean 0, divided so that the largest is about 1, which keeps squares in range; zeros where all are
  /// the same.
  var targets: [Double] {
    guard let scale = values.map(abs).max(), scale > 0 else { return values }
    let scaled = values.map { $0 / scale }
    let mean = scaled.reduce(0) { $0 + $1 / Double(scaled.count) }
    let spread = scaled.reduce(0) { max($0, abs($1 - mean)) }
    // Differences at the last bits of the values are roundings.
    guard spread > 1e-13 else { return values.map { _ in 0 } }
    return scaled.map { ($0 - mean) / spread }
  }
}

extension RandomNumberGenerator {
  /// A random index below a positive count, from one output.
  mutating func index(below count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }

  /// A random number in [0, 1), from one output.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
