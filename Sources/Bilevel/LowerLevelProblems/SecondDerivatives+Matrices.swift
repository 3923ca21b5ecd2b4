public import NumericalMethods

extension SecondDerivatives {
  /// The mixed derivatives J, p × d, by p products.
  public func crossMatrix(variables p: Int, hyperparameters d: Int) -> Matrix {
    var cross = Matrix(rows: p, columns: d)
    var unit = [Double](repeating: 0, count: p)
    for j in 0..<p {
      unit[j] = 1
      cross.setRow(j, to: crossTransposeProduct(unit))
      unit[j] = 0
    }
    return cross
  }

  /// The Hessian, p × p, whole or by p products.
  public func wholeHessian(variables p: Int) -> Matrix {
    if let hessian = denseHessian() { return hessian }
    var hessian = Matrix(rows: p, columns: p)
    var unit = [Double](repeating: 0, count: p)
    for j in 0..<p {
      unit[j] = 1
      hessian.setColumn(j, to: hessianProduct(unit))
      unit[j] = 0
    }
    return hessian
  }
}
