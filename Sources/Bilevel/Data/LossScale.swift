/// Whether the loss over rows is their mean or their sum.
public enum LossScale: String, Hashable, Sendable, CaseIterable {
  /// The mean of the losses, with penalties ½·e^θ·x².
  case mean
  /// The sum of the losses, with penalties e^θ·x².
  case sum

  /// What the sum of the losses over n rows is multiplied by.
  func lossFactor(rows n: Int) -> Double { self == .mean ? 1 / Double(n) : 1 }

  /// The curvature of a penalty with weight 1.
  var penaltyCurvature: Double { self == .mean ? 1 : 2 }
}
