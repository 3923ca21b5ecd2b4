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
    let epsilon = 1e-8
    state.steps += 1
    for i in ranges.joined() {
      let g = gradient[i]
      switch self {
      case .momentum(let rate, let momentum):
        state.mean[i] = momentum * state.mean[i] + g
        parameters[i] -= rate * state.mean[i]
      case .adam(let rate):
        state.mean[i] += 0.1 * (g - state.mean[i])
        state.square[i] += 0.001 * (g * g - state.square[i])
        let (first, second) = (1 - Self.power(0.9, state.steps), 1 - Self.power(0.999, state.steps))
        parameters[i] -= rate * (state.mean[i] / first) / ((state.square[i] / second).squareRoot() + epsilon)
      case .rmsProp(let rate, let decay):
        state.square[i] = decay * state.square[i] + (1 - decay) * g * g
        parameters[i] -= rate * g / (state.square[i].squareRoot() + epsilon)
      }
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
