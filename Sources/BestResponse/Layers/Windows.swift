import NumericalMethods

/// How a layer with weights sees its input: whole examples, or windows of images.
///
/// Gathered windows are columns of one matrix, fan × (positions · N): example after example, position after position.
struct Windows: Sendable {
  let input: ImageShape
  /// Nil for whole examples.
  let kernel: (side: Int, stride: Int, padding: Int)?
  /// The rows and columns of positions.
  let rows, columns: Int

  /// Whole examples.
  init(whole input: ImageShape) {
    self.input = input
    kernel = nil
    (rows, columns) = (1, 1)
  }

  /// - Throws: `invalid` where no window fits.
  init(of input: ImageShape, side: Int, stride: Int, padding: Int) throws(BestResponseError) {
    guard side > 0, stride > 0, padding >= 0, padding < 1 << 20, side <= input.rows + 2 * padding,
      side <= input.columns + 2 * padding
    else { throw .invalid("No window of \(side) pixels fits an image of \(input.rows) × \(input.columns).") }
    self.input = input
    kernel = (side, stride, padding)
    rows = (input.rows + 2 * padding - side) / stride + 1
    columns = (input.columns + 2 * padding - side) / stride + 1
  }

  /// The windows of one example.
  var positions: Int { rows * columns }

  /// The numbers in one window.
  var fan: Int { kernel.map { $0.side * $0.side * input.channels } ?? input.count }

  /// Calls back with the runs of numbers that windows and image share: where in a window column, where in the example.
  private func eachRun(_ body: (_ position: Int, _ inWindow: Int, _ inImage: Int, _ count: Int) -> Void) {
    guard let kernel else { return body(0, 0, 0, input.count) }
    let channels = input.channels
    for row in 0..<rows {
      for column in 0..<columns {
        let first = column * kernel.stride - kernel.padding
        let (from, to) = (max(0, -first), min(kernel.side, input.columns - first))
        guard from < to else { continue }
        for k in 0..<kernel.side {
          let y = row * kernel.stride - kernel.padding + k
          guard y >= 0, y < input.rows else { continue }
          body(
            row * columns + column, (k * kernel.side + from) * channels,
            (y * input.columns + first + from) * channels, (to - from) * channels)
        }
      }
    }
  }

  /// The windows of a batch, input.count × N, as columns.
  func gather(_ x: Matrix, _ pool: BufferPool) -> Matrix {
    guard let kernel else { return x }
    let columns = positions * x.columns
    // Without padding every number is written.
    var windows =
      kernel.padding == 0 ? pool.matrix(rows: fan, columns: columns) : pool.zeros(rows: fan, columns: columns)
    let (fan, positions, count) = (fan, positions, input.count)
    x.withUnsafeElements { source in
      windows.withUnsafeMutableElements { target in
        for n in 0..<x.columns {
          eachRun { position, inWindow, inImage, length in
            let (to, from) = ((n * positions + position) * fan + inWindow, n * count + inImage)
            for i in 0..<length { target[to + i] = source[from + i] }
          }
        }
      }
    }
    return windows
  }

  /// The adjoint of `gather`: windows added up where they lie; they are taken back.
  func scatter(_ windows: Matrix, examples: Int, _ pool: BufferPool) -> Matrix {
    guard kernel != nil else { return windows }
    defer { pool.give(windows) }
    var x = pool.zeros(rows: input.count, columns: examples)
    let (fan, positions, count) = (fan, positions, input.count)
    windows.withUnsafeElements { source in
      x.withUnsafeMutableElements { target in
        for n in 0..<examples {
          eachRun { position, inWindow, inImage, length in
            let (from, to) = ((n * positions + position) * fan + inWindow, n * count + inImage)
            for i in 0..<length { target[to + i] += source[from + i] }
          }
        }
      }
    }
    return x
  }
}
