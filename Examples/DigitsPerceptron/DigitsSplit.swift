/// The images for learning, for choosing hyperparameters and for the final verdict.
///
/// Half of them, a quarter, and the rest: of 1,797 images 898, 449 and 450.
package struct DigitsSplit {
  /// What the weights are fitted to.
  package let training: Digits

  /// What hyperparameters are judged by: the metrics that the program reports.
  package let validation: Digits

  /// What nothing was chosen by.
  package let test: Digits

  /// The places of the images of each part, in the order of the parts.
  package static func indices(count: Int, seed: UInt64) -> (training: [Int], validation: [Int], test: [Int]) {
    var order = Array(0..<count)
    var stream = SplitMix64(seed: seed, for: .split)
    stream.shuffle(&order)
    let (half, threeQuarters) = (count / 2, count / 2 + count / 4)
    return (Array(order[..<half]), Array(order[half..<threeQuarters]), Array(order[threeQuarters...]))
  }

  /// Shuffles images by a seed and divides them.
  package init(_ digits: Digits, seed: UInt64) {
    let indices = Self.indices(count: digits.count, seed: seed)
    training = digits.subset(at: indices.training)
    validation = digits.subset(at: indices.validation)
    test = digits.subset(at: indices.test)
  }
}
