/// A stream of random bits named by a seed and a number.
///
/// Source: SplitMix64, with a start mixed from both; Steele, Lea and Flood, OOPSLA 2014.
struct KeyedBits: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, stream: UInt64) { state = Self.mixed(Self.mixed(seed) ^ Self.mixed(~stream)) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
