import Foundation

/// What the coordinates of a surrogate's inputs mean, and how they become features.
///
/// A point has d coordinates. Distances between points are Euclidean distances between p features, which is what keeps
/// every radial kernel positive semidefinite, conditional coordinates included:
///
/// | coordinate | features | contribution to the squared distance, before its lengthscale |
/// |---|---|---|
/// | numeric t | t − ½ | Δt² |
/// | numeric t, conditional | (cos t, sin t) while active, (0, 0) else | 4·sin²(Δt/2); 1 between active and inactive; 0 |
/// | categorical | a level; −1 while inactive | 1 where levels differ (twice the distance of one-hot vectors, halved) |
///
/// The arc has radius and angle 1, so two active points are as far apart as without a condition (within 4 percent at
/// Δt = ½), and activity weighs as much as moving over the whole range. A branch shares what its parents teach with the
/// other branches, and an inactive coordinate has no say.
///
/// - Source: Swersky, Duvenaud, Snoek, Hutter, Osborne 2014, "Raiders of the lost architecture: kernels for Bayesian
///   optimization in conditional parameter spaces", section 3 (radius ρ and angle θ fixed here).
public struct InputLayout: Hashable, Sendable {
  /// What one coordinate holds.
  public enum Kind: Hashable, Sendable {
    /// A number in [0, 1].
    case numeric
    /// A level 0, 1, 2 …; only equality has a meaning.
    case categorical
  }

  /// One coordinate.
  public struct Dimension: Hashable, Sendable {
    /// What it holds.
    public var kind: Kind
    /// Whether it takes part at some points only.
    public var isConditional: Bool

    /// Creates a coordinate.
    public init(_ kind: Kind, isConditional: Bool = false) {
      self.kind = kind
      self.isConditional = isConditional
    }
  }

  /// The coordinates; each has one lengthscale.
  public let dimensions: [Dimension]
  /// For each real feature its dimension, ascending.
  public let featureDimensions: [Int]
  /// The dimensions that are categorical, ascending.
  public let categoricalDimensions: [Int]

  /// Creates a layout of d coordinates.
  public init(_ dimensions: [Dimension]) {
    self.dimensions = dimensions
    featureDimensions = dimensions.indices.flatMap { index -> [Int] in
      guard dimensions[index].kind == .numeric else { return [] }
      return dimensions[index].isConditional ? [index, index] : [index]
    }
    categoricalDimensions = dimensions.indices.filter { dimensions[$0].kind == .categorical }
  }

  /// Creates the layout of d numbers in [0, 1].
  public init(numeric count: Int) { self.init(Array(repeating: Dimension(.numeric), count: count)) }

  /// The number of coordinates d.
  public var count: Int { dimensions.count }
  /// The number of real features p.
  public var featureCount: Int { featureDimensions.count }

  /// Turns derivatives by features into derivatives by the coordinates of a point.
  ///
  /// - Parameters:
  ///   - features: p derivatives by the features.
  ///   - point: d coordinates.
  ///   - active: which coordinates take part; `nil` for all.
  /// - Returns: d derivatives; 0 for categorical and for inactive coordinates.
  public func pullback(_ features: [Double], at point: [Double], active: [Bool]?) -> [Double] {
    precondition(features.count == featureCount && point.count == count, "The derivatives must fit the layout")
    var gradient = [Double](repeating: 0, count: count)
    var next = 0
    for (index, dimension) in dimensions.enumerated() where dimension.kind == .numeric {
      if !dimension.isConditional {
        gradient[index] = features[next]
        next += 1
      } else {
        if active?[index] ?? true {
          let (sine, cosine) = (sin(point[index]), cos(point[index]))
          gradient[index] = cosine * features[next + 1] - sine * features[next]
        }
        next += 2
      }
    }
    return gradient
  }
}
