import Foundation
import NumericalMethods

/// One Kumaraswamy warping for each numeric dimension of a layout, conditional ones included.
struct InputWarping: Sendable {
  /// The layout of the points.
  let layout: InputLayout
  /// For each numeric dimension, ascending, its warping.
  let warpings: [Kumaraswamy]

  /// Creates the warping with shapes (ln a_1 … ln a_m, ln b_1 … ln b_m) for m numeric dimensions.
  init(layout: InputLayout, logShapes: [Double]) {
    let m = layout.numericDimensions.count
    precondition(logShapes.count == 2 * m, "There are two shapes for each numeric dimension")
    self.layout = layout
    warpings = (0..<m).map { Kumaraswamy(logA: logShapes[$0], logB: logShapes[m + $0]) }
  }

  /// The points with their numeric coordinates warped.
  func apply(_ inputs: Inputs) -> Inputs {
    precondition(inputs.layout == layout, "The inputs must be of the warping's layout")
    let n = inputs.count
    var features = inputs.features
    features.withUnsafeMutableElements { target in
      forEachCoordinate { warping, column, isConditional in
        for i in column * n..<(column + 1) * n {
          guard let t = Self.coordinate(target[i], isConditional ? target[i + n] : nil) else { continue }
          let w = warping.value(t)
          target[i] = isConditional ? cos(w) : w - 0.5
          if isConditional { target[i + n] = sin(w) }
        }
      }
    }
    return Inputs(layout: layout, count: n, features: features, levels: inputs.levels)
  }

  /// Turns derivatives by the features of warped points, [n, p], into those by the features of the points.
  ///
  /// For a conditional coordinate t with features (cos t, sin t) only the derivative along the arc is defined; it is D·(−sin t,
  /// cos t) with D the derivative by t, so that `InputLayout.pullback` gives D.
  func pullback(_ gradient: Matrix, at inputs: Inputs) -> Matrix {
    let n = inputs.count
    var result = gradient
    result.withUnsafeMutableElements { target in
      inputs.features.withUnsafeElements { features in
        forEachCoordinate { warping, column, isConditional in
          for i in column * n..<(column + 1) * n {
            guard let t = Self.coordinate(features[i], isConditional ? features[i + n] : nil) else { continue }
            let (w, slope, _, _) = warping.evaluate(t)
            if isConditional {
              let along = slope * (cos(w) * target[i + n] - sin(w) * target[i])
              target[i] = -sin(t) * along
              target[i + n] = cos(t) * along
            } else {
              target[i] *= slope
            }
          }
        }
      }
    }
    return result
  }

  /// Turns derivatives by the features of warped points, [n, p], into those by the shapes, [2m].
  func shapeGradient(_ gradient: Matrix, at inputs: Inputs) -> [Double] {
    let n = inputs.count
    var (byA, byB): ([Double], [Double]) = ([], [])
    gradient.withUnsafeElements { gradient in
      inputs.features.withUnsafeElements { features in
        forEachCoordinate { warping, column, isConditional in
          var (a, b) = (0.0, 0.0)
          for i in column * n..<(column + 1) * n {
            guard let t = Self.coordinate(features[i], isConditional ? features[i + n] : nil) else { continue }
            let (w, _, byLogA, byLogB) = warping.evaluate(t)
            let along = isConditional ? cos(w) * gradient[i + n] - sin(w) * gradient[i] : gradient[i]
            a += along * byLogA
            b += along * byLogB
          }
          byA.append(a)
          byB.append(b)
        }
      }
    }
    return byA + byB
  }

  /// The coordinate behind a feature, or behind two of a conditional one; `nil` where that is inactive.
  private static func coordinate(_ feature: Double, _ second: Double?) -> Double? {
    guard let second else { return feature + 0.5 }
    return feature == 0 && second == 0 ? nil : atan2(second, feature)
  }

  /// Calls for each numeric dimension with its warping, its first feature and whether there is a second one.
  private func forEachCoordinate(_ body: (Kumaraswamy, Int, Bool) -> Void) {
    var column = 0
    for (warping, dimension) in zip(warpings, layout.numericDimensions) {
      let isConditional = layout.dimensions[dimension].isConditional
      body(warping, column, isConditional)
      column += isConditional ? 2 : 1
    }
  }
}

extension InputLayout {
  /// The dimensions that hold numbers, ascending: those that an input warping warps.
  public var numericDimensions: [Int] { dimensions.indices.filter { dimensions[$0].kind == .numeric } }
}
