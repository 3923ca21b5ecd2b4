import Foundation
import NumericalMethods
import TuningModel

/// The points at which an acquisition is looked at first.
package struct CandidatePool {
  /// How many points of which sort.
  package struct Sizes: Hashable, Sendable {
    /// Creates the sizes in use unless told otherwise.
    package init() {}

    /// Quasi-random points over the whole region.
    package var global = 2_048
    /// Points around the best observation, for each of the widths.
    package var spray = 48
    /// The standard deviations of the sprays, in units of the cube.
    package var widths = [1e-3, 1e-1]
  }

  private let region: FeasibleRegion
  private let sizes: Sizes

  init(_ region: FeasibleRegion, sizes: Sizes) {
    self.region = region
    self.sizes = sizes
  }

  /// Points of the region, grids at their levels: observed ones first, then sprays, then the global ones.
  ///
  /// Coordinates that are inactive at a point keep what was drawn for them, so that changing a parent finds its
  /// children somewhere.
  func points(observed: [[Double]], using random: inout RandomStream) -> [[Double]] {
    var points = observed.map(region.pinned).filter(region.contains)
    if let best = points.first {
      for width in sizes.widths {
        for _ in 0..<sizes.spray {
          let point = region.pinned(spray(around: best, width: width, using: &random))
          if region.contains(point) { points.append(point) }
        }
      }
    }
    return points + global(using: &random)
  }

  /// Scrambled Sobol points of the region, filled up by a random walk over it where few are feasible.
  private func global(using random: inout RandomStream) -> [[Double]] {
    let sequence = SobolSequence(dimensions: region.encoding.dimension, seed: random.next())
    let all = sequence.points(0..<sizes.global)
    var points: [[Double]] = []
    points.reserveCapacity(sizes.global)
    for index in 0..<sizes.global {
      let point = region.pinned(onGrid(all.row(index)))
      if region.contains(point) { points.append(point) }
    }
    let few = sizes.global / 8
    guard points.count < few else { return points }
    // Gibbs sweeps from one random point of the region: a step costs d draws, however thin the region is.
    var walker = region.sample(using: &random)
    while points.count < few {
      for slot in region.encoding.slots.indices { region.redraw(slot, in: &walker, using: &random) }
      points.append(walker)
    }
    return points
  }

  private func spray(around centre: [Double], width: Double, using random: inout RandomStream) -> [Double] {
    let slots = region.encoding.slots
    let levelled = slots.count { !$0.kind.isOrdered }
    return slots.indices.map { slot in
      let kind = slots[slot].kind
      if kind.isOrdered {
        let moved = centre[slot] + width * StandardNormal.sample(using: &random)
        return kind.snapped(min(max(moved, 0), 1))
      }
      // On average one unordered coordinate changes.
      guard Double.random(in: 0..<1, using: &random) * Double(levelled) < 1 else { return centre[slot] }
      return kind.coordinate(ofLevel: Int.random(in: 0..<(kind.levelCount ?? 1), using: &random))
    }
  }

  private func onGrid(_ point: [Double]) -> [Double] {
    point.indices.map { region.encoding.slots[$0].kind.snapped(point[$0]) }
  }
}

extension Slot.Kind {
  /// The middle of the cell that holds a coordinate; of a continuum the coordinate itself.
  func snapped(_ coordinate: Double) -> Double {
    levelCount == nil ? coordinate : self.coordinate(ofLevel: level(at: coordinate))
  }
}
