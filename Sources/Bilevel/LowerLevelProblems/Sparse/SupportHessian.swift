import NumericalMethods

/// A Hessian that is a dense block on the support of a solution and the identity beside it.
struct SupportHessian: Sendable {
  /// The block, s × s.
  let block: Matrix
  /// The coordinates of the support, ascending.
  let support: [Int]

  /// Creates a Hessian whose block is a matrix plus a multiple of the identity.
  init(_ block: Matrix, support: [Int], ridge: Double = 0) {
    var sum = block
    sum.addToDiagonal(ridge)
    self.block = sum
    self.support = support
  }

  /// The product with a vector.
  func product(_ v: [Double]) -> [Double] { replacing(v, by: block.symmetricMultiplying(support.map { v[$0] })) }

  /// The solution of a linear system by Cholesky's method on the support.
  ///
  /// A block that is singular, as where more weights are free than the data determine, is taken with a little more on its
  /// diagonal.
  /// - Throws: `singular` or `notFinite`.
  func solve(_ b: [Double]) throws(BilevelError) -> [Double] {
    do {
      let factor = try CholeskyFactor(block, jitter: JitterLadder(steps: [0, 1e-13, 1e-11, 1e-9]))
      return replacing(b, by: factor.solve(support.map { b[$0] }))
    } catch LinearAlgebraError.notFinite {
      throw .notFinite("the Hessian")
    } catch {
      throw .singular
    }
  }

  private func replacing(_ vector: [Double], by values: [Double]) -> [Double] {
    var result = vector
    for (index, coordinate) in support.enumerated() { result[coordinate] = values[index] }
    return result
  }
}

extension Matrix {
  /// The rows and columns at the same indices.
  func principalSubmatrix(_ indices: [Int]) -> Matrix { columns(at: indices).rows(at: indices) }
}
