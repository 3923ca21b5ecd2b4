import NumericalMethods

/// The differences between neighbours in a signal or an image, the operator D whose roughness total variation measures.
public enum Differences: Hashable, Sendable {
  /// Neighbours in a line of this length; with a difference between the first value and 0 if `startsAtZero`.
  case line(length: Int, startsAtZero: Bool)

  /// The neighbours below and to the right in an image, row after row; there is no difference across its border.
  case image(rows: Int, columns: Int)

  /// The number of values of one signal.
  var size: Int {
    switch self {
    case .line(let length, _): length
    case .image(let rows, let columns): rows * columns
    }
  }

  /// An upper bound of ‖D‖².
  var squaredNorm: Double {
    switch self {
    case .line: 4
    case .image: 8
    }
  }

  /// The differences of signals one after another: one array for each direction, as long as the signals.
  func apply(_ x: [Double]) -> [[Double]] {
    switch self {
    case .line(let length, let startsAtZero):
      var steps = [Double](repeating: 0, count: x.count)
      for i in x.indices {
        if i % length == 0 {
          steps[i] = startsAtZero ? x[i] : 0
        } else {
          steps[i] = x[i] - x[i - 1]
        }
      }
      return [steps]
    case .image(_, let columns):
      var (down, right) = ([Double](repeating: 0, count: x.count), [Double](repeating: 0, count: x.count))
      for i in x.indices {
        if i % size < size - columns { down[i] = x[i + columns] - x[i] }
        if i % columns < columns - 1 { right[i] = x[i + 1] - x[i] }
      }
      return [down, right]
    }
  }

  /// Adds α·Dᵀw to a vector.
  func addTransposed(_ alpha: Double, _ w: [[Double]], into y: inout [Double]) {
    switch self {
    case .line(let length, let startsAtZero):
      for i in y.indices {
        let value = alpha * w[0][i]
        if i % length == 0 {
          if startsAtZero { y[i] += value }
        } else {
          y[i] += value
          y[i - 1] -= value
        }
      }
    case .image(_, let columns):
      for i in y.indices {
        if i % size < size - columns {
          y[i + columns] += alpha * w[0][i]
          y[i] -= alpha * w[0][i]
        }
        if i % columns < columns - 1 {
          y[i + 1] += alpha * w[1][i]
          y[i] -= alpha * w[1][i]
        }
      }
    }
  }
}
