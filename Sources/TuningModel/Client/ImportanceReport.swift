/// Which metric parameters may be important for.
public struct ImportanceSelection: Hashable, Sendable {
  /// The metric: an objective or one that an outcome constraint bounds; the only objective where left out.
  public var metric: String?
  /// Only differences among this best share of the values count, above 0 and at most 1.
  public var share: Double

  /// Creates a selection.
  public init(metric: String? = nil, best share: Double = 1) {
    self.metric = metric
    self.share = share
  }
}

/// How much of a metric's variance over the search space is due to each parameter.
public struct ImportanceReport: Hashable, Sendable {
  /// What a parameter, or two of them together, do to the metric.
  public struct Effect: Hashable, Sendable {
    /// The parameter, or the two.
    public var parameters: [String]
    /// The share of the variance, 0 to 1: by the parameter alone; of two what they add together to what each does alone.
    public var importance = 0.0
    /// The standard error of `importance` over the trees.
    public var standardError = 0.0
    /// The share of the variance that would be lost without the parameter, with all interactions in which it takes part.
    ///
    /// 0 for pairs.
    public var total = 0.0

    /// Creates an effect without importance.
    public init(_ parameters: [String]) { self.parameters = parameters }
  }

  /// The metric.
  public var metric: String
  /// Only differences among this best share of the values counted.
  public var share: Double
  /// How many trials it rests on.
  public var trials: Int
  /// The share of the trials' variance that the model predicts of trials that it has not seen; below 0 where it is worse than
  /// their mean, `nil` where all values are the same.
  public var explained: Double?
  /// The parameters, those with the greatest total first.
  public var parameters: [Effect] = []
  /// The most important pairs, up to ten.
  public var interactions: [Effect] = []

  /// The most pairs that are told.
  public static let mostInteractions = 10

  /// Creates a report without effects.
  public init(of metric: String, share: Double = 1, trials: Int, explained: Double?) {
    self.metric = metric
    self.share = share
    self.trials = trials
    self.explained = explained
  }

  /// Puts the greatest effects first, equal ones in their order, and drops pairs without importance and those beyond ten.
  public mutating func sort() {
    parameters = Self.sorted(parameters, by: \.total)
    interactions = Array(
      Self.sorted(interactions.filter { $0.importance > 0 }, by: \.importance).prefix(Self.mostInteractions))
  }

  private static func sorted(_ effects: [Effect], by key: KeyPath<Effect, Double>) -> [Effect] {
    effects.enumerated().sorted {
      ($1.element[keyPath: key], $0.offset) < ($0.element[keyPath: key], $1.offset)
    }.map(\.element)
  }
}
