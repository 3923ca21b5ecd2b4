/// Some of the values of an unordered parameter, by their indices.
struct LevelSet: Sendable, Equatable {
  /// A bit for each index.
  private(set) var words: [UInt64]
  /// How many there are.
  private(set) var count: Int

  /// No value of `size`.
  init(of size: Int) {
    words = Array(repeating: 0, count: (size + 63) / 64)
    count = 0
  }

  /// All values of `size`.
  init(allOf size: Int) {
    self.init(of: size)
    for level in 0..<size { insert(level) }
  }

  /// Whether a value is among these.
  func contains(_ level: Int) -> Bool { words[level >> 6] >> UInt64(level & 63) & 1 == 1 }

  /// Takes a value in.
  mutating func insert(_ level: Int) {
    if contains(level) { return }
    words[level >> 6] |= 1 << UInt64(level & 63)
    count += 1
  }

  /// The indices in their order.
  var levels: [Int] { (0..<words.count * 64).filter(contains) }

  /// Those of these that are among others, or are not.
  func filter(_ isKept: (Int) -> Bool) -> LevelSet {
    var kept = LevelSet(of: words.count * 64)
    for level in levels where isKept(level) { kept.insert(level) }
    return kept
  }
}
