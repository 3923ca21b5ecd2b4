extension MoreThuenteSearch {
  /// Chooses a step by cubic and quadratic interpolation and updates the interval of uncertainty.
  ///
  /// Source: section 4 of the paper; the four cases are numbered as there.
  static func nextStep(
    best: inout Sample, other: inout Sample, trial: Sample, isBracketed: inout Bool, range: ClosedRange<Double>
  ) -> Double {
    let slopesDiffer = trial.slope * best.slope.signum < 0
    let next: Double
    if trial.value > best.value {
      // Case 1: a higher value. The minimum is bracketed; the cubic step if it is the nearer one, else between the two.
      let cubic = cubicMinimiser(best, trial)
      let quadratic = quadraticMinimiser(best, trial)
      let isCubicNearer = (cubic - best.step).magnitude < (quadratic - best.step).magnitude
      next = isCubicNearer ? cubic : cubic + (quadratic - cubic) / 2
      isBracketed = true
    } else if slopesDiffer {
      // Case 2: a lower value and a slope of the other sign. Bracketed; whichever step is farther from the trial.
      let cubic = cubicMinimiser(trial, best)
      let secant = secantMinimiser(trial, best)
      next = (cubic - trial.step).magnitude > (secant - trial.step).magnitude ? cubic : secant
      isBracketed = true
    } else if trial.slope.magnitude < best.slope.magnitude {
      next = flatteningStep(best: best, other: other, trial: trial, isBracketed: isBracketed, range: range)
    } else if isBracketed {
      // Case 4: lower, and no flatter. The minimum lies towards the other end.
      next = cubicMinimiser(trial, other)
    } else {
      next = trial.step > best.step ? range.upperBound : range.lowerBound
    }

    if trial.value > best.value {
      other = trial
    } else {
      if slopesDiffer { other = best }
      best = trial
    }
    return next
  }

  /// Case 3, a lower value and a flatter slope of the same sign, where the cubic may have no minimum ahead.
  private static func flatteningStep(
    best: Sample, other: Sample, trial: Sample, isBracketed: Bool, range: ClosedRange<Double>
  ) -> Double {
    let secant = secantMinimiser(trial, best)
    let limit = trial.step > best.step ? range.upperBound : range.lowerBound
    let theta = 3 * (best.value - trial.value) / (trial.step - best.step) + best.slope + trial.slope
    let scale = max(theta.magnitude, best.slope.magnitude, trial.slope.magnitude)
    let radicand = (theta / scale) * (theta / scale) - (best.slope / scale) * (trial.slope / scale)
    let root = (trial.step > best.step ? -1.0 : 1.0) * scale * max(0, radicand).squareRoot()
    let ratio = (root - trial.slope + theta) / (root + (best.slope - trial.slope) + root)
    let cubic = ratio < 0 && root != 0 ? trial.step + ratio * (best.step - trial.step) : limit

    let isCubicNearer = (cubic - trial.step).magnitude < (secant - trial.step).magnitude
    guard isBracketed else {
      return min(max(isCubicNearer ? secant : cubic, range.lowerBound), range.upperBound)
    }
    // Near the far end the interval would hardly shrink, so the step keeps a third of it in hand.
    let step = isCubicNearer ? cubic : secant
    let farthest = trial.step + 0.66 * (other.step - trial.step)
    return trial.step > best.step ? min(farthest, step) : max(farthest, step)
  }

  /// The minimiser of the cubic through two samples that bracket it, measured from `from`.
  private static func cubicMinimiser(_ from: Sample, _ to: Sample) -> Double {
    let theta = 3 * (from.value - to.value) / (to.step - from.step) + from.slope + to.slope
    let scale = max(theta.magnitude, from.slope.magnitude, to.slope.magnitude)
    let radicand = (theta / scale) * (theta / scale) - (from.slope / scale) * (to.slope / scale)
    let root = (to.step < from.step ? -1.0 : 1.0) * scale * max(0, radicand).squareRoot()
    let ratio = (root - from.slope + theta) / (root - from.slope + root + to.slope)
    return from.step + ratio * (to.step - from.step)
  }

  /// The minimiser of the parabola with the slope at `from` and the values at both.
  private static func quadraticMinimiser(_ from: Sample, _ to: Sample) -> Double {
    let chord = (from.value - to.value) / (to.step - from.step)
    return from.step + from.slope / (chord + from.slope) / 2 * (to.step - from.step)
  }

  /// The minimiser of the parabola with both slopes.
  private static func secantMinimiser(_ from: Sample, _ to: Sample) -> Double {
    from.step + from.slope / (from.slope - to.slope) * (to.step - from.step)
  }
}

extension Double {
  /// -1, 0 or 1, whose product with a slope cannot underflow.
  fileprivate var signum: Double { self > 0 ? 1 : (self < 0 ? -1 : 0) }
}
