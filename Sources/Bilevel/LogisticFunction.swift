import Foundation

/// The logistic function 1/(1 + e^−t), without overflow for any t.
func logistic(_ t: Double) -> Double {
  if t >= 0 { return 1 / (1 + exp(-t)) }
  let e = exp(t)
  return e / (1 + e)
}

/// The logistic loss log(1 + e^−t) of a margin t, without overflow for any t.
func logisticLoss(_ t: Double) -> Double {
  t >= 0 ? log1p(exp(-t)) : log1p(exp(t)) - t
}

/// The derivative σ(t)·σ(−t) of the logistic function.
func logisticSlope(_ t: Double) -> Double { logistic(t) * logistic(-t) }
