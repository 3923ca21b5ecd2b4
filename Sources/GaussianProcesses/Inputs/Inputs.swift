import Foundation
public import NumericalMethods

/// Points as a kernel sees them: real features and levels.
public struct Inputs: Sendable {
  /// The layout that made them.
  public let layout: InputLayout
  /// The number of points n.
  public let count: Int
  /// The real features, [n, p].
  public let features: Matrix
  /// For each categorical dimension the n levels; −1 where it is inactive.
  public let levels: [[Int32]]

  /// Embeds points.
  ///
  /// - Parameters:
  ///   - points: n points of d finite coordinates: a number in [0, 1], or a level from 0.
  ///   - activity: for each point which coordinates take part; `nil` for all of all.
  ///   - layout: what the coordinates mean.
  public init(_ points: [[Double]], active activity: [[Bool]]? = nil, layout: InputLayout) {
    precondition(points.allSatisfy { $0.count == layout.count }, "The points must fit the layout")
    precondition(activity.map { $0.count == points.count } ?? true, "Every point needs its activity")
    let n = points.count
    self.layout = layout
    count = n
    var levels: [[Int32]] = []
    features = Matrix(rows: n, columns: layout.featureCount) { target in
      var next = 0
      for (index, dimension) in layout.dimensions.enumerated() {
        switch (dimension.kind, dimension.isConditional) {
        case (.numeric, false):
          for i in 0..<n { target[next + i] = points[i][index] - 0.5 }
          next += n
        case (.numeric, true):
          for i in 0..<n {
            let isActive = activity?[i][index] ?? true
            target[next + i] = isActive ? cos(points[i][index]) : 0
            target[next + n + i] = isActive ? sin(points[i][index]) : 0
          }
          next += 2 * n
        case (.categorical, _):
          levels.append((0..<n).map { i in activity?[i][index] ?? true ? Int32(points[i][index]) : -1 })
        }
      }
    }
    self.levels = levels
  }

  /// Points whose features and levels are known.
  init(layout: InputLayout, count: Int, features: Matrix, levels: [[Int32]]) {
    self.layout = layout
    self.count = count
    self.features = features
    self.levels = levels
  }

  /// The points at these indices.
  func points(at indices: [Int]) -> Inputs {
    Inputs(
      layout: layout, count: indices.count, features: features.rows(at: indices),
      levels: levels.map { column in indices.map { column[$0] } })
  }

  /// These points and then the others, of the same layout.
  public func appending(_ other: Inputs) -> Inputs {
    precondition(other.layout == layout, "Only inputs of one layout can be joined")
    return Inputs(
      layout: layout, count: count + other.count, features: features.appendingRows(other.features),
      levels: zip(levels, other.levels).map { $0 + $1 })
  }
}
