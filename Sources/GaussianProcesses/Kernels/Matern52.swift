import Foundation
import NumericalMethods

/// The Matérn correlation with smoothness 5/2: (1 + a + a²/3)·e^−a with a = √5·s.
///
/// Its slope is B = −2·∂k/∂(s²) = 5/3·(1 + a)·e^−a.
/// - Source: Rasmussen, Williams 2006, "Gaussian processes for machine learning", eq. 4.17.
public struct Matern52: RadialCorrelation {
  /// Creates the correlation; it has no parameters beside the distances' lengthscales.
  public init() {}

  /// Replaces each s² by the scaled correlation.
  public func apply(_ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>) {
    for index in squaredDistances.indices {
      let a = (5 * squaredDistances[index]).squareRoot()
      squaredDistances[index] = scale * (1 + a + a * a / 3) * exp(-a)
    }
  }

  /// Replaces each s² by the scaled correlation, and writes the slopes.
  public func apply(
    _ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>,
    slopes: UnsafeMutableBufferPointer<Double>
  ) {
    for index in squaredDistances.indices {
      let a = (5 * squaredDistances[index]).squareRoot()
      let decay = scale * exp(-a)
      squaredDistances[index] = (1 + a + a * a / 3) * decay
      slopes[index] = 5 / 3 * (1 + a) * decay
    }
  }

  /// Draws 1/√g with g of the gamma distribution with shape 5/2 and rate 5/2.
  ///
  /// Such a g is the mean of five squared standard normals.
  public func frequencyScale(using random: inout some RandomNumberGenerator) -> Double {
    let squares = (0..<5).reduce(0.0) { sum, _ in
      let normal = StandardNormal.sample(using: &random)
      return sum + normal * normal
    }
    return (5 / squares).squareRoot()
  }
}
