/// Why a bilevel computation could not be done with the numbers it was given.
public enum BilevelError: Error, Equatable, Sendable {
  /// The data that a problem is made of does not fit together or is out of range; the text says what.
  case invalidData(String)

  /// Something named here is NaN or infinite: data, a point, hyperparameters, a value or a derivative.
  case notFinite(String)

  /// A method that needs a positive definite Hessian met a direction of this curvature, which is not positive.
  case indefinite(curvature: Double)

  /// A linear system is singular to working precision.
  case singular

  /// A method needs a constant of the problem that is not known; the text names it.
  case unknownConstant(String)

  /// A direct method was asked for where the problem has none.
  case noDirectMethod

  /// A method that cannot treat this kind of problem was asked to; the text says what it needs.
  case unsupported(String)
}
