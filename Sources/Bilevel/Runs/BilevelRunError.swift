public import TuningModel

/// Why a run in process could not begin or go on.
public enum BilevelRunError: Error, Equatable, Sendable {
  /// Settings or options that cannot be honoured, with pointers into the tuner's options.
  case refused([InputMistake])
  /// The problem or its data are at fault.
  case problem(BilevelError)
  /// The tuner failed, with the reason for the user.
  case tuner(String)
}

extension BilevelRunError: CustomStringConvertible {
  /// What was wrong, for people.
  public var description: String {
    switch self {
    case .refused(let mistakes): InvalidInput(mistakes).description
    case .problem(let error): error.sentence
    case .tuner(let text): text
    }
  }
}

extension BilevelError {
  /// The error as a sentence for people.
  public var sentence: String {
    switch self {
    case .invalidData(let text): text
    case .notFinite(let what): "There is a NaN or an infinity in \(what)."
    case .indefinite(let curvature): "The Hessian is not positive definite: a direction has curvature \(curvature)."
    case .singular: "A linear system is singular to working precision."
    case .unknownConstant(let what): "A constant that the method needs is not known: \(what)."
    case .noDirectMethod: "The problem has no direct method."
    case .unsupported(let text): text
    }
  }
}
