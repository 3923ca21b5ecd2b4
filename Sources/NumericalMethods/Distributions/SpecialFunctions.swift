import Foundation

/// The scaled complementary error function e^(x²)·erfc(x).
///
/// Relative error below 1e-13; +∞ below -26.63, where the result exceeds the largest double.
public func erfcx(_ x: Double) -> Double {
  if x < 0 { return 2 * exponentialOfSquare(x) - erfcx(-x) }
  if x < 25 { return exponentialOfSquare(x) * erfc(x) }
  // Abramowitz and Stegun 7.1.23. The first term left out is 1e-17 at 25, where erfc is still a normal number.
  let t = 0.5 / x / x
  let series = 1 - t * (1 - 3 * t * (1 - 5 * t * (1 - 7 * t * (1 - 9 * t * (1 - 11 * t)))))
  return series / (x * Double.pi.squareRoot())
}

/// e^(x²), with the rounding error of the square taken back.
private func exponentialOfSquare(_ x: Double) -> Double {
  let square = x * x
  let result = exp(square)
  guard result < .infinity else { return result }
  return result + result * (-square).addingProduct(x, x)
}

/// ln(1 − eˣ) for x ≤ 0, accurate at both ends; -∞ at 0, NaN above.
///
/// Source: Mächler, "Accurately computing log(1 − exp(−|a|))", 2012.
public func log1mexp(_ x: Double) -> Double {
  x > -0.6931471805599453 ? log(-expm1(x)) : log1p(-exp(x))
}

/// ln(1 + eˣ), the softplus function, without overflow.
public func log1pexp(_ x: Double) -> Double {
  x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
}

/// ln(eˣ + eʸ) without overflow; exact when either is -∞.
public func logAddExp(_ x: Double, _ y: Double) -> Double {
  let (low, high) = x < y ? (x, y) : (y, x)
  return high.isInfinite ? high + (low.isNaN ? low : 0) : high + log1p(exp(low - high))
}

/// ln Σ eˣ over the values without overflow; -∞ for none.
public func logSumExp(_ values: some Sequence<Double>) -> Double {
  values.reduce(-.infinity, logAddExp)
}
