/// One layer of a network, from its input on.
public enum LayerDescription: Hashable, Sendable, Codable {
  /// All outputs from all inputs: so many outputs.
  case dense(Int)
  /// Windows of kernel × kernel pixels, in an image with so many rows and columns of zeros around it.
  case convolution(channels: Int, kernel: Int, stride: Int = 1, padding: Int = 0)
  /// The larger of 0 and the input.
  case relu
  /// The hyperbolic tangent of the input.
  case tanh
  /// The largest number of each channel in squares of so many pixels; what does not fill a square is left out.
  case maxPooling(Int)
  /// Each input is left out with this probability; what stays is scaled up, so that the mean stays.
  case dropout(Setting)
  /// Normal noise of this standard deviation is added to each input.
  case inputNoise(Setting)
  /// Squares of this side, at so many random places, are set to zero; both are rounded down.
  case cutout(holes: Setting, length: Setting)
}

/// A number that shapes training: known, or a hyperparameter that is tuned.
public enum Setting: Hashable, Sendable, Codable {
  /// Always this.
  case fixed(Double)
  /// The hyperparameter of this index.
  case tuned(Int)

  /// The number of each of N examples.
  ///
  /// - Parameter values: hyperparameters × N.
  func values(_ values: HyperparameterValues) -> [Double] {
    switch self {
    case .fixed(let value): [Double](repeating: value, count: values.examples)
    case .tuned(let index): values.row(index)
    }
  }

  /// The index of the hyperparameter, where it is one.
  var index: Int? { if case .tuned(let index) = self { index } else { nil } }
}
