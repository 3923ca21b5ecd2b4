import Foundation

/// The exponential of a surface of log utilities: the utility itself.
///
/// It has the same maxima, but is so flat where the utility is small that climbs end where they begin; log utilities are
/// there to avoid that.
package struct ExponentialSurface: SearchSurface {
  private let base: any SearchSurface

  package init(_ base: any SearchSurface) { self.base = base }

  package var lengthscales: [Double] { base.lengthscales }

  package func values(at points: [[Double]]) -> [Double] { base.values(at: points).map { exp($0) } }

  package func evaluate(at points: [[Double]]) -> [(value: Double, gradient: [Double])] {
    base.evaluate(at: points).map { logarithm, gradient in
      let value = exp(logarithm)
      return (value, gradient.map { value * $0 })
    }
  }
}
