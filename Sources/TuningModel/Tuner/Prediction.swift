/// What a model believes of an objective at one point, in units of its metric.
public struct Prediction: Hashable, Sendable {
  /// The expected value of the objective without noise.
  public var mean: Double
  /// How far from it the value may be: the standard deviation of the objective without noise.
  public var standardDeviation: Double

  /// Creates a prediction.
  public init(mean: Double, standardDeviation: Double) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}

/// What a model believes at some points, and what it rests on.
public struct Predictions: Hashable, Sendable {
  /// One for each point, in their order.
  public var predictions: [Prediction]
  /// The sequence number of the last event that the model knows; the study's session fills it in.
  public var history: Int
  /// The number of observations that the model is conditioned on.
  public var observations: Int

  /// Creates predictions.
  public init(_ predictions: [Prediction], history: Int = 0, observations: Int) {
    self.predictions = predictions
    self.history = history
    self.observations = observations
  }
}
