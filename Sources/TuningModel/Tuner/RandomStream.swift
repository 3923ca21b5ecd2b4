/// The seed of a study: a whole number below 2^53, so that JSON holds it exactly.
public typealias StudySeed = UInt64

/// A stream of random numbers that is a pure function of (study seed, trial number, purpose).
///
/// Philox 4×64 with 10 rounds: the key holds seed and purpose, the counter trial number and position. Two streams
/// never share a block, so trials can be drawn in any order, on any machine, any number of times.
///
/// - Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", sections 3.3 and 4.3.
public struct RandomStream: RandomNumberGenerator, Sendable {
  /// What a stream is drawn for; streams of different purposes are independent.
  public enum Purpose: UInt64, Sendable {
    case suggestion = 0
    case decision = 1
    case design = 2
    case fitting = 3
    case feasibility = 4
    case surrogate = 5
    case perturbation = 6
    case importance = 7
  }

  private let key: (UInt64, UInt64)
  private var counter: (UInt64, UInt64, UInt64, UInt64)
  private var block: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  private var used = 4

  /// The stream of one trial.
  public init(seed: StudySeed, trial: Int, purpose: Purpose = .suggestion) {
    self.init(key: (seed, purpose.rawValue), counter: (0, UInt64(bitPattern: Int64(trial)), 0, 0))
  }

  /// The stream of a key from a counter on; for tests against published values.
  package init(key: (UInt64, UInt64), counter: (UInt64, UInt64, UInt64, UInt64)) {
    self.key = key
    self.counter = counter
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    if used == 4 {
      block = Self.philox(counter, key)
      counter.0 &+= 1
      used = 0
    }
    defer { used += 1 }
    switch used {
    case 0: return block.0
    case 1: return block.1
    case 2: return block.2
    default: return block.3
    }
  }

  private static func philox(
    _ counter: (UInt64, UInt64, UInt64, UInt64), _ key: (UInt64, UInt64)
  ) -> (UInt64, UInt64, UInt64, UInt64) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let (high0, low0) = c0.multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
      let (high1, low1) = c2.multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
      (c0, c1, c2, c3) = (high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0)
      k0 &+= 0x9E37_79B9_7F4A_7C15
      k1 &+= 0xBB67_AE85_84CA_A73B
    }
    return (c0, c1, c2, c3)
  }
}
