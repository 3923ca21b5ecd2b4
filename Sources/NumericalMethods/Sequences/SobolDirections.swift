import Foundation

/// The direction numbers of a Sobol sequence in one dimension: its points are exclusive sums of these.
struct SobolDirections {
  /// The bits of an index, and so the number of directions.
  static let count = 32

  /// The directions v₁ … v₃₂ as fractions of 2⁶⁴.
  let values: [UInt64]

  /// Extends the initial direction numbers of a primitive polynomial by its recurrence.
  ///
  /// Source: Joe and Kuo, "Remark on algorithm 659", ACM TOMS 29 (2003), equation 2.
  private init(polynomial: UInt64, initial: [UInt64]) {
    let degree = initial.count
    var values = initial.enumerated().map { $0.element << UInt64(63 - $0.offset) }
    while values.count < Self.count {
      let k = values.count
      var next = values[k - degree] ^ (values[k - degree] >> UInt64(degree))
      for i in 1..<max(1, degree) where polynomial >> UInt64(degree - i) & 1 == 1 { next ^= values[k - i] }
      values.append(next)
    }
    self.values = values
  }

  /// The directions of the first dimension, the van der Corput sequence.
  private init() { values = (0..<Self.count).map { 1 << UInt64(63 - $0) } }

  /// The directions of every dimension in the table.
  static let all: [SobolDirections] = {
    guard let packed = Data(base64Encoded: JoeKuoTable.text, options: .ignoreUnknownCharacters) else {
      preconditionFailure("The table of direction numbers is not base 64")
    }
    var reader = BitReader(bytes: Array(packed))
    return [SobolDirections()]
      + (1..<JoeKuoTable.dimensions).map { _ in
        let polynomial = reader.read(16)
        let degree = 63 - polynomial.leadingZeroBitCount
        return SobolDirections(polynomial: polynomial, initial: (0..<degree).map { 2 * reader.read($0) + 1 })
      }
  }()
}

/// Reads numbers of any width from bytes, the highest bit first.
private struct BitReader {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func read(_ width: Int) -> UInt64 {
    var value: UInt64 = 0
    for bit in position..<position + width { value = value << 1 | UInt64(bytes[bit / 8] >> (7 - bit % 8) & 1) }
    position += width
    return value
  }
}
