import Foundation
import NumericalMethods

/// A layer ready to compute, with the shape of its input.
enum Stage: Sendable {
  case affine(AffineLayer)
  case relu
  case tanh
  case maxPooling(side: Int, ImageShape)
  case dropout(Setting)
  case noise(Setting)
  case cutout(holes: Setting, length: Setting, ImageShape)

  /// What is remembered of a pass, for derivatives.
  enum Record: Sendable {
    case affine(AffineLayer.Record)
    /// The derivative of each output by its own input.
    case factors(Matrix)
    /// Of each output the index of the input that it is.
    case chosen([Int], inputs: Int)
    /// The output differs from the input by a constant.
    case shifted
    /// The output is the input.
    case unchanged
  }

  /// Whether the record of a pass has the input itself.
  var remembersInput: Bool { if case .affine(let layer) = self { layer.windows.kernel == nil } else { false } }

  /// - Parameters:
  ///   - values: the hyperparameters of each example; without them nothing is dropped, disturbed or cut out.
  ///   - response: what the weights respond to, k × N; nil for none.
  func forward(
    _ parameters: [Double], _ x: Matrix, values: HyperparameterValues?, response: Matrix?,
    using random: inout some RandomNumberGenerator, _ pool: BufferPool
  ) -> (Matrix, Record) {
    switch self {
    case .affine(let layer):
      let (y, record) = layer.forward(parameters, x, response: response, pool)
      return (y, .affine(record))
    case .relu:
      return Self.elementwise(x, pool) { $0 > 0 ? ($0, 1) : (0, 0) }
    case .tanh:
      return Self.elementwise(x, pool) {
        let y = Foundation.tanh($0)
        return (y, 1 - y * y)
      }
    case .maxPooling(let side, let shape):
      return Self.pooled(x, side, shape, pool)
    case .dropout(let setting):
      guard let values else { return (x, .unchanged) }
      return Self.masked(x, by: Self.dropoutMask(x, rates: setting.values(values), &random, pool), pool)
    case .noise(let setting):
      guard let values else { return (x, .unchanged) }
      let deviations = setting.values(values)
      var y = pool.copy(of: x)
      y.withUnsafeMutableElements { y in
        for (n, deviation) in deviations.enumerated() {
          for i in n * x.rows..<(n + 1) * x.rows { y[i] += deviation * random.normal() }
        }
      }
      return (y, .shifted)
    case .cutout(let holes, let length, let shape):
      guard let values else { return (x, .unchanged) }
      let mask = Self.cutoutMask(shape, holes: holes.values(values), lengths: length.values(values), &random)
      return Self.masked(x, by: mask, pool)
    }
  }

  private static func masked(_ x: Matrix, by mask: Matrix, _ pool: BufferPool) -> (Matrix, Record) {
    (pool.product(elements: x, mask), .factors(mask))
  }

  /// A function of each number, with its derivative.
  private static func elementwise(
    _ x: Matrix, _ pool: BufferPool, _ function: (Double) -> (value: Double, slope: Double)
  ) -> (Matrix, Record) {
    var (y, slopes) = (
      pool.matrix(rows: x.rows, columns: x.columns), pool.matrix(rows: x.rows, columns: x.columns)
    )
    x.withUnsafeElements { x in
      y.withUnsafeMutableElements { y in
        slopes.withUnsafeMutableElements { slopes in for i in x.indices { (y[i], slopes[i]) = function(x[i]) } }
      }
    }
    return (y, .factors(slopes))
  }

  private static func dropoutMask(
    _ x: Matrix, rates: [Double], _ random: inout some RandomNumberGenerator, _ pool: BufferPool
  ) -> Matrix {
    var mask = pool.matrix(rows: x.rows, columns: x.columns)
    mask.withUnsafeMutableElements { mask in
      for (n, rate) in rates.enumerated() {
        let kept = 1 - min(max(rate, 0), 0.999)
        let factor = 1 / kept
        // Whole numbers below it are those whose uniform number is below the probability.
        let limit = UInt64((kept * 0x1p53).rounded(.up))
        for i in n * x.rows..<(n + 1) * x.rows { mask[i] = random.next() >> 11 < limit ? factor : 0 }
      }
    }
    return mask
  }

  private static func cutoutMask(
    _ shape: ImageShape, holes: [Double], lengths: [Double], _ random: inout some RandomNumberGenerator
  ) -> Matrix {
    var mask = Matrix(rows: shape.count, columns: holes.count, repeating: 1)
    // What overflows a whole number is no more than the image.
    let most = Double(max(shape.rows, shape.columns))
    mask.withUnsafeMutableElements { mask in
      for n in holes.indices {
        let length = whole(lengths[n], atMost: 2 * most)
        for _ in 0..<whole(holes[n], atMost: 1_000) {
          let (row, column) = (random.index(below: shape.rows), random.index(below: shape.columns))
          let rows = max(0, row - length / 2)..<max(0, min(shape.rows, row - length / 2 + length))
          let columns = max(0, column - length / 2)..<max(0, min(shape.columns, column - length / 2 + length))
          for y in rows where !columns.isEmpty {
            let first = n * shape.count + (y * shape.columns + columns.lowerBound) * shape.channels
            for i in first..<first + columns.count * shape.channels { mask[i] = 0 }
          }
        }
      }
    }
    return mask
  }

  /// A number rounded down, from 0 to so many; 0 for what is none.
  private static func whole(_ value: Double, atMost most: Double) -> Int {
    value > 0 ? Int(min(value, most)) : 0
  }

  private static func pooled(
    _ x: Matrix, _ side: Int, _ shape: ImageShape, _ pool: BufferPool
  ) -> (Matrix, Record) {
    let (rows, columns) = (shape.rows / side, shape.columns / side)
    let count = rows * columns * shape.channels
    var chosen = [Int](repeating: 0, count: count * x.columns)
    var y = pool.matrix(rows: count, columns: x.columns)
    x.withUnsafeElements { x in
      y.withUnsafeMutableElements { y in
        for to in chosen.indices {
          let (n, inside) = to.quotientAndRemainder(dividingBy: count)
          let (pixel, channel) = inside.quotientAndRemainder(dividingBy: shape.channels)
          let (row, column) = pixel.quotientAndRemainder(dividingBy: columns)
          var best = -1
          for k in 0..<side * side {
            let at = (row * side + k / side) * shape.columns + column * side + k % side
            let from = n * shape.count + at * shape.channels + channel
            if best < 0 || x[from] > x[best] { best = from }
          }
          chosen[to] = best
          y[to] = x[best]
        }
      }
    }
    return (y, .chosen(chosen, inputs: shape.count))
  }
}

extension Stage.Record {
  /// How a change of the input changes the output, of stages without parameters.
  func tangent(_ input: Matrix, outputs: Int, _ pool: BufferPool) -> Matrix {
    switch self {
    case .affine, .shifted, .unchanged: return input
    case .factors(let factors): return pool.product(elements: input, factors)
    case .chosen(let chosen, _):
      var result = pool.matrix(rows: outputs, columns: input.columns)
      input.withUnsafeElements { x in
        result.withUnsafeMutableElements { target in
          for (k, index) in chosen.enumerated() { target[k] = x[index] }
        }
      }
      return result
    }
  }

  /// The adjoint of `tangent`.
  func backward(_ outputGradient: Matrix, _ pool: BufferPool) -> Matrix {
    switch self {
    case .affine, .shifted, .unchanged: return outputGradient
    case .factors(let factors): return pool.product(elements: outputGradient, factors)
    case .chosen(let chosen, let inputs):
      var result = pool.zeros(rows: inputs, columns: outputGradient.columns)
      outputGradient.withUnsafeElements { source in
        result.withUnsafeMutableElements { target in
          for (k, index) in chosen.enumerated() { target[index] += source[k] }
        }
      }
      return result
    }
  }

  /// Whether the output is the input itself.
  var isUnchanged: Bool { if case .unchanged = self { true } else { false } }

  /// Whether its derivatives are what they are given.
  var isIdentity: Bool {
    switch self {
    case .shifted, .unchanged: true
    case .affine, .factors, .chosen: false
    }
  }
}
