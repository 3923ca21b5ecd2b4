extension [Double] {
  /// Whether no number is NaN or infinite.
  var areFinite: Bool {
    withUnsafeBufferPointer { numbers in
      // 0·x is 0 for every finite x and NaN otherwise.
      var sum = 0.0
      for number in numbers { sum += 0 * number }
      return sum == 0
    }
  }
}
