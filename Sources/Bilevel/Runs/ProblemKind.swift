/// The families that a table of data makes problems of.
public enum ProblemKind: String, Hashable, Sendable, CaseIterable {
  case ridge, logistic, multinomial
  case elasticNet = "elastic-net"
  case lasso
  case kernelRidge = "kernel-ridge"
  /// Support vectors with squared hinge losses.
  case svm
  /// Support vectors with hinge losses.
  case hingeSVM = "hinge-svm"
  case hyperCleaning = "hyper-cleaning"
  case perceptron

  /// Whether targets are numbers; else they are classes.
  public var isRegression: Bool { [.ridge, .elasticNet, .lasso, .kernelRidge].contains(self) }

  /// Whether there are two classes, no more.
  public var isBinary: Bool { [.logistic, .svm, .hingeSVM].contains(self) }

  /// Whether a column of ones is added unless told otherwise.
  public var hasBias: Bool { [.logistic, .multinomial, .svm, .hingeSVM, .hyperCleaning].contains(self) }

  /// The structures of penalties that it can have.
  public var structures: [PenaltyChoice] {
    switch self {
    case .ridge, .logistic, .elasticNet, .lasso: [.shared, .perFeature]
    case .multinomial: [.shared, .perFeature, .perWeight]
    case .kernelRidge, .svm, .hingeSVM, .hyperCleaning, .perceptron: [.shared]
    }
  }
}

/// Which weights of a model share a penalty.
public enum PenaltyChoice: String, Hashable, Sendable, CaseIterable {
  case shared
  case perFeature = "per-feature"
  case perWeight = "per-weight"
}
