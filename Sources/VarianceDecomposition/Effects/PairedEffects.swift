/// How much two trees agree on each effect: covariances over the space of the parts of their functions that belong to it.
///
/// With leaves i of one tree and k of the other, their values times volumes w, and for each parameter p the ratio r of the
/// volume of the overlap of both leaves along p to the product of their volumes along p, the covariance of the main effects
/// of p is Σ w w′ (r_p − 1), of the interactions of p and q Σ w w′ (r_p − 1)(r_q − 1), of everything in which p takes part
/// Σ w w′ (r_p − 1) Π r over the others, and of the whole functions Σ w w′ (Π r − 1): the functional decomposition of
/// variance for functions that are constant on boxes, worked out once and for all subsets. The measure is uniform on the
/// encoded space. r is 1 where either leaf spans the whole range, so that few parameters matter to a pair of leaves.
/// - Complexity: the product of the numbers of leaves, times their depth.
/// - Source: Hutter, Hoos, Leyton-Brown 2014, "An efficient approach for assessing hyperparameter importance", section 4,
///   for one tree; the products of ratios are ours.
struct PairedEffects: Sendable {
  /// The covariance of the functions.
  var whole = 0.0
  /// Of main effects, for each parameter.
  var main: [Double]
  /// Of all that a parameter takes part in.
  var total: [Double]
  /// Of interactions of two candidates: [a, b] with a < b, row by row of a square.
  var interactions: [Double]

  /// - Parameter candidates: for each parameter its number among those whose interactions are wanted, or -1.
  init(
    of one: LeafTable, and other: LeafTable, in space: SplitSpace, candidates: [Int], _ candidateCount: Int
  ) {
    let slotCount = space.parameterOfSlot.count
    let places = other.places(slotCount)
    var main = [Double](repeating: 0, count: space.parameters.count)
    var total = main
    var interactions = [Double](repeating: 0, count: candidateCount * candidateCount)
    var whole = 0.0
    // What the present pair of leaves restricts both.
    var touched = [Int](repeating: 0, count: space.parameters.count)
    var ratios = [Double](repeating: 0, count: space.parameters.count)
    one.sides.withUnsafeBufferPointer { sides in
      other.sides.withUnsafeBufferPointer { otherSides in
        places.withUnsafeBufferPointer { places in
          for i in one.weights.indices {
            let ownSides = one.starts[i]..<one.starts[i + 1]
            for k in other.weights.indices {
              let weight = one.weights[i] * other.weights[k]
              var count = 0
              for place in ownSides {
                let a = sides[place]
                let found = Int(places[k * slotCount + Int(a.slot)])
                guard found >= 0 else { continue }
                let b = otherSides[found]
                let overlap =
                  a.words < 0
                  ? max(0, min(a.high, b.high) - max(a.low, b.low))
                  : Self.shared(one.words, Int(a.words), other.words, Int(b.words), space.levelCounts[Int(a.slot)])
                let ratio = overlap * a.inverse * b.inverse
                let parameter = Int(a.parameter)
                if count > 0, touched[count - 1] == parameter {
                  ratios[count - 1] *= ratio
                } else {
                  touched[count] = parameter
                  ratios[count] = ratio
                  count += 1
                }
              }
              var (product, zeros, zeroAt) = (1.0, 0, 0)
              for t in 0..<count {
                let (parameter, ratio) = (touched[t], ratios[t])
                main[parameter] += weight * (ratio - 1)
                if ratio > 0 {
                  product *= ratio
                } else {
                  zeros += 1
                  zeroAt = parameter
                }
                let candidate = candidates[parameter]
                guard candidate >= 0 else { continue }
                for earlier in 0..<t where candidates[touched[earlier]] >= 0 {
                  interactions[candidates[touched[earlier]] * candidateCount + candidate] +=
                    weight * (ratios[earlier] - 1) * (ratio - 1)
                }
              }
              whole += weight * (zeros == 0 ? product - 1 : -1)
              if zeros == 0 {
                for t in 0..<count { total[touched[t]] += weight * (product - product / ratios[t]) }
              } else if zeros == 1 {
                total[zeroAt] -= weight * product
              }
            }
          }
        }
      }
    }
    self.whole = whole
    self.main = main
    self.total = total
    self.interactions = interactions
  }

  /// The share of unordered values that two sides have in common.
  private static func shared(
    _ one: [UInt64], _ start: Int, _ other: [UInt64], _ otherStart: Int, _ count: Int
  ) -> Double {
    var shared = 0
    for word in 0..<(count + 63) / 64 { shared += (one[start + word] & other[otherStart + word]).nonzeroBitCount }
    return Double(shared) / Double(count)
  }
}
