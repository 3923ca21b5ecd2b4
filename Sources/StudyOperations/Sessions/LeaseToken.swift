/// The secret that proves a worker's right to a trial.
enum LeaseToken {
  /// Draws 128 bits from the system's generator, as 32 hexadecimal digits.
  static func draw() -> String {
    var random = SystemRandomNumberGenerator()
    return hexadecimal(random.next()) + hexadecimal(random.next())
  }

  private static func hexadecimal(_ bits: UInt64) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
