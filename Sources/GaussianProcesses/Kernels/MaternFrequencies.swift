import NumericalMethods

/// Draws 1/√g with g of the gamma distribution with shape and rate ν, for a Matérn correlation of smoothness ν = `halves`/2.
///
/// Such a g is the mean of 2ν squared standard normals, and frequencies scaled by 1/√g have a t distribution.
/// - Source: Rasmussen, Williams 2006, "Gaussian processes for machine learning", eq. 4.15 (the spectral density).
func maternFrequencyScale(halves: Int, using random: inout some RandomNumberGenerator) -> Double {
  let squares = (0..<halves).reduce(0.0) { sum, _ in
    let normal = StandardNormal.sample(using: &random)
    return sum + normal * normal
  }
  return (Double(halves) / squares).squareRoot()
}
