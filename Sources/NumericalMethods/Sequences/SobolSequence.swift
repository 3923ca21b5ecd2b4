/// A low-discrepancy sequence in [0, 1)ᵈ, scrambled by a seed.
///
/// Every aligned block of 2ᵐ points has one point in each of the 2ᵐ equal intervals of every axis. Scrambling keeps that,
/// makes each point uniform on its own, and so makes the mean of a function over the points an unbiased estimate of its
/// integral. It is the random linear one with a digital shift, to 53 bits. Coordinate j of point i depends on (seed, j, i)
/// alone.
/// Sources: direction numbers of Joe and Kuo 2008; scrambling of Matoušek, "On the L2-discrepancy for anchored boxes",
/// J. Complexity 14 (1998); its variance equals that of Owen's nested scrambling (Owen, ACM TOMACS 13 (2003) 363–378).
public struct SobolSequence: Sendable {
  /// The most dimensions d that there are direction numbers for.
  public static let maximumDimensions = JoeKuoTable.dimensions

  /// The number of points.
  public static let count = 1 << SobolDirections.count

  /// The number of dimensions d.
  public let dimensions: Int

  private let directions: [[UInt64]]
  private let shifts: [UInt64]

  /// Creates the sequence scrambled by a seed.
  ///
  /// - Parameters:
  ///   - dimensions: d, at most `maximumDimensions`.
  ///   - seed: equal seeds give equal sequences.
  /// - Complexity: O(d), about a thousand operations per dimension.
  public init(dimensions: Int, seed: UInt64) {
    self.init(directions: Self.directions(dimensions)) { dimension, directions in
      var bits = KeyedBits(seed: seed, stream: UInt64(dimension))
      // The columns of a lower triangular matrix over the field of two elements, with ones on the diagonal.
      let columns = (0..<SobolDirections.count).map { column in
        let diagonal: UInt64 = 1 << UInt64(63 - column)
        return diagonal | (bits.next() & (diagonal - 1))
      }
      let scrambled = directions.map { direction in
        var (remaining, image) = (direction, UInt64(0))
        while remaining != 0 {
          let column = remaining.leadingZeroBitCount
          image ^= columns[column]
          remaining &= ~(1 << UInt64(63 - column))
        }
        return image
      }
      return (scrambled, bits.next())
    }
  }

  /// The sequence as defined, without scrambling: its first point is the origin.
  public static func unscrambled(dimensions: Int) -> SobolSequence {
    SobolSequence(directions: directions(dimensions)) { _, directions in (directions, 0) }
  }

  private init(directions: ArraySlice<SobolDirections>, scramble: (Int, [UInt64]) -> ([UInt64], UInt64)) {
    let scrambled = directions.enumerated().map { scramble($0.offset, $0.element.values) }
    self.dimensions = directions.count
    self.directions = scrambled.map(\.0)
    self.shifts = scrambled.map(\.1)
  }

  private static func directions(_ dimensions: Int) -> ArraySlice<SobolDirections> {
    precondition(dimensions >= 0 && dimensions <= maximumDimensions, "There are no direction numbers for so many")
    return SobolDirections.all.prefix(dimensions)
  }

  /// Point `index`, counted from zero: d coordinates.
  ///
  /// - Complexity: O(d) for any index.
  public func point(at index: Int) -> [Double] {
    (0..<dimensions).map { Self.fraction(bits(at: index, dimension: $0)) }
  }

  /// Consecutive points as the rows of a matrix, [n, d].
  public func points(_ range: Range<Int>) -> Matrix { points(range, transform: Self.fraction) }

  /// Consecutive points with each coordinate mapped to the standard normal distribution, [n, d].
  ///
  /// Every value is finite: a coordinate stands for the middle of its cell of width 2⁻⁵³.
  public func normalPoints(_ range: Range<Int>) -> Matrix {
    points(range) { StandardNormal.quantile(ofFraction: $0 >> 11) }
  }

  private static func fraction(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

  private func points(_ range: Range<Int>, transform: (UInt64) -> Double) -> Matrix {
    Matrix(rows: range.count, columns: dimensions) { target in
      guard let first = range.first else { return }
      for j in 0..<dimensions {
        var bits = bits(at: first, dimension: j)
        directions[j].withUnsafeBufferPointer { directions in
          for (row, index) in range.enumerated() {
            // Neighbours in Gray code differ in one bit, which the trailing zeros of the higher index name.
            if row > 0 { bits ^= directions[index.trailingZeroBitCount] }
            target[j * range.count + row] = transform(bits)
          }
        }
      }
    }
  }

  private func bits(at index: Int, dimension: Int) -> UInt64 {
    precondition(index >= 0 && index < Self.count, "The sequence has no such point")
    var bits = shifts[dimension]
    var code = UInt64(index ^ (index >> 1))
    while code != 0 {
      bits ^= directions[dimension][code.trailingZeroBitCount]
      code &= code - 1
    }
    return bits
  }
}
