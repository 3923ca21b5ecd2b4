/// How a gradient becomes a step.
public enum Optimiser: Hashable, Sendable, Codable {
  /// v ← momentum · v + g, w ← w − rate · v.
  case momentum(rate: Double, momentum: Double = 0.9)
  /// Steps of about `rate`, by the mean of gradients over the root of the mean of their squares.
  case adam(rate: Double)
  /// Steps by the gradient over the root of the mean of squares.
  case rmsProp(rate: Double, decay: Double = 0.99)

  /// What an optimiser remembers.
  public struct State: Hashable, Sendable, Codable {
    var mean: [Double]
    var square: [Double]
    var steps = 0

    /// Nothing yet of so many parameters.
    public init(count: Int) {
      mean = [Double](repeating: 0, count: count)
      square = mean
    }

    /// Whether nothing has overflowed.
    var isFinite: Bool { mean.allSatisfy(\.isFinite) && square.allSatisfy(\.isFinite) }
  }

  /// Takes a step in some of the parameters.
  ///
  /// - Parameters:
  ///   - ranges: which.
  ///   - parameters: p numbers.
  ///   - gradient: p numbers.
  ///   - state: of p parameters.
  /// - Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1; Tieleman and Hinton 2012,
  ///   "Lecture 6.5 – RMSprop".
  public func step(
    _ ranges: [Range<Int>], _ parameters: inout [Double], _ gradient: [Double], _ state: inout State
  ) {
    state.steps += 1
    let steps = state.steps
    parameters.withUnsafeMutableBufferPointer { w in
      gradient.withUnsafeBufferPointer { g in
        switch self {
        case .momentum(let rate, let momentum):
          state.mean.withUnsafeMutableBufferPointer { mean in
            for range in ranges {
              for i in range {
                mean[i] = momentum * mean[i] + g[i]
                w[i] -= rate * mean[i]
              }
            }
          }
        case .adam(let rate):
          let (first, second) = (1 - Self.power(0.9, steps), 1 - Self.power(0.999, steps))
          state.mean.withUnsafeMutableBufferPointer { mean in
            state.square.withUnsafeMutableBufferPointer { square in
              for range in ranges {
                for i in range {
                  mean[i] += 0.1 * (g[i] - mean[i])
                  square[i] += 0.001 * (g[i] * g[i] - square[i])
                  w[i] -= rate * (mean[i] / first) / ((square[i] / second).squareRoot() + Self.epsilon)
                }
              }
            }
          }
        case .rmsProp(let rate, let decay):
          state.square.withUnsafeMutableBufferPointer { square in
            for range in ranges {
              for i in range {
                square[i] = decay * square[i] + (1 - decay) * g[i] * g[i]
                w[i] -= rate * g[i] / (square[i].squareRoot() + Self.epsilon)
              }
            }
          }
        }
      }
    }
  }

  private static let epsilon = 1e-8

  /// Gives arrays that a step writes to room of their own, so that a copy of the state stays as it is.
  func detach(_ state: inout State, _ pool: BufferPool) {
    switch self {
    case .momentum: state.mean = pool.copy(of: state.mean)
    case .rmsProp: state.square = pool.copy(of: state.square)
    case .adam: (state.mean, state.square) = (pool.copy(of: state.mean), pool.copy(of: state.square))
    }
  }

  /// Takes back what `detach` put other room in the place of.
  func recycle(_ state: State, _ pool: BufferPool) {
    switch self {
    case .momentum: pool.give(state.mean)
    case .rmsProp: pool.give(state.square)
    case .adam:
      pool.give(state.mean)
      pool.give(state.square)
    }
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}

extension Optimiser.State {
  func isSound(_ count: Int) -> Bool { mean.count == count && square.count == count && (0..<1 << 50).contains(steps) }
}
