import NumericalMethods
import TuningModel

/// One of two opposite normal perturbations of a point.
struct Perturbation: Codable, Hashable, Sendable {
  /// Where the seed comes from.
  enum Source: Codable, Hashable, Sendable {
    /// It is drawn from the study's stream of this number.
    case draw(Int)
    /// It was drawn before.
    case known(UInt64)
  }

  /// Where the seed comes from.
  let source: Source
  /// 1, or -1 for the twin.
  let sign: Double
  /// The standard deviation of each coordinate.
  let sigma: Double

  /// The seed that both twins share.
  func seed(of study: StudySeed) -> UInt64 {
    switch source {
    case .known(let seed): return seed
    case .draw(let number):
      var stream = RandomStream(seed: study, trial: number, purpose: .perturbation)
      return stream.next() >> 11
    }
  }

  /// The point with the perturbation of a seed.
  func applied(to point: [Double], seed: UInt64) -> [Double] {
    zip(point, Self.normals(point.count, seed: seed)).map { $0 + sign * sigma * $1 }
  }

  /// Standard normal numbers that depend on the seed alone.
  static func normals(_ count: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, trial: 0, purpose: .perturbation)
    return (0..<count).map { _ in
      StandardNormal.inverseCDF((Double(stream.next() >> 11) + 0.5) * 0x1p-53)
    }
  }
}
